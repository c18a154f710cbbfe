import type { KubeClient } from '@berth/kube';
import { routeTable, tableText } from '@berth/routes';
import { Asker, askSocket } from './ask';
import { listObserved } from './observed';

/**
 * Milliseconds for what the controller and nginx do to serve a whole cluster anew: the table of all objects, its text,
 * nginx's reading of it, and the first answer by it.
 * @param generation above any that nginx had
 */
export async function resync(
  client: KubeClient,
  { socket, port, host, generation }: { socket: string; port: number; host: string; generation: number },
): Promise<number> {
  const observed = await listObserved(client);
  const begun = performance.now();
  const { routes } = routeTable(observed);
  await askSocket(socket, { method: 'PUT', path: '/table' }, tableText({ generation, routes }));
  const asker = new Asker(port);
  const status = await asker.status(host);
  const milliseconds = performance.now() - begun;
  asker.close();
  if (status !== 200) throw new Error(`after a new table ${host} answered ${status}`);
  return milliseconds;
}
