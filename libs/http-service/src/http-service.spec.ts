import { once } from 'node:events';
import http from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createHttpService } from './http-service';

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

it('is ready when nothing is waited for, and alive all the time', async () => {
  let waitingFor: string | undefined = 'connecting to store';
  const server = createHttpService({ notReady: () => waitingFor });
  expect((await server.inject('/healthz')).statusCode).toBe(200);
  const before = await server.inject('/readyz');
  expect([before.statusCode, before.json()]).toEqual([503, { status: 'connecting to store' }]);
  waitingFor = undefined;
  const after = await server.inject('/readyz');
  expect([after.statusCode, after.json()]).toEqual([200, { status: 'ready' }]);
});

it('ends the requests that run while it drains, closes their connections, and takes no new ones', async () => {
  const server = createHttpService();
  let begun = (): void => undefined;
  let finish = (): void => undefined;
  const running = new Promise<void>((resolve) => (begun = resolve));
  server.get('/slow', async () => {
    begun();
    await new Promise<void>((resolve) => (finish = resolve));
    return { status: 'done' };
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const agent = new http.Agent({ keepAlive: true });
  const ask = (path: string) =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get({ host: '127.0.0.1', port, path, agent }, resolve).on('error', reject);
    });

  const slow = ask('/slow');
  await running;
  // A request of which only a part has arrived when the draining begins.
  const socket = connect({ host: '127.0.0.1', port });
  const [connection] = (await once(server.server, 'connection')) as [Socket];
  socket.write('GET /readyz HTTP/1.1\r\n');
  await until(() => connection.bytesRead > 0);

  const closed = server.close();
  await until(() => !server.server.listening);
  socket.write('host: service\r\n\r\n');
  expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1.1 503 [^]*connection: close[^]*"draining"/i);
  finish();
  const answer = await slow;
  expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close']);
  answer.resume();
  await closed;
  await expect(ask('/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  agent.destroy();
});
