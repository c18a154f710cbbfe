import { measure } from '../measure';
import { kubectl } from './contestants';
import type { Lane } from './lane';
import type { Surroundings } from './surroundings';

/** Who changes something by hand; the user's name at the API server. */
export const EDITOR = 'editor';

/**
 * Somebody edits the image of a Deployment. A deploy must stop at it and say whose it is, and set it back when it is
 * told to: both together are measured.
 * @throws Error when it does not
 */
export async function measureSetBack(lane: Lane, { plane, images }: Surroundings): Promise<void> {
  const { place, runner, contestant } = lane;
  const [service = ''] = place.services.names;
  const there = place.services.imageOf(service);
  const other = images.find((image) => image !== there) ?? '';
  const editing = { ...place, ...plane.access(EDITOR) };
  await runner.run(kubectl(editing, 'edit', 'deployment', service, '--namespace', place.environment), {
    env: { KUBE_EDITOR: `sed -i s|${there}|${other}|` },
  });
  const start = performance.now();
  const { stdout, stderr } = await runner.run(contestant.deploy(place), { expect: [1] });
  const noticing = (performance.now() - start) / 1000;
  const said = /deployment\/\S+ \S+image belongs to kubectl-edit/.test(stdout + stderr);
  if (!said) throw new Error(`${contestant.name} does not say what was edited: ${stdout}${stderr}`);
  const { seconds, megabytes } = await measure(runner, [...contestant.deploy(place), '--take-over']);
  await lane.settle();
  lane.add('set back', {
    seconds: noticing + seconds - lane.waitedItself(),
    healthySeconds: noticing + seconds,
    megabytes,
    requests: 0,
  });
}
