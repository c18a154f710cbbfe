import { publicAddresses, waitUntilAnswers } from './addresses';
import { adopt } from './adopt';
import { bringUp } from './bring-up';
import { adoptedCluster, localCluster } from './local-cluster';
import type { Workbench } from './main';
import { gatewayPorts } from './port';
import { runSteps } from './run-steps';
import { startAdopted } from './start-adopted';
import type { Options } from './usage';

/** What docker/debian/prepare.mjs runs. */
const imagePackages = [{ name: 'mmdebstrap', file: '/usr/bin/mmdebstrap' }];

/** The gateway first: the addresses of the others lead through it. */
const environments = ['admin', 'staging'];

/** Everything up, from whatever state the machine is in; with nothing to do it builds and applies nothing. */
export async function start(
  workbench: Workbench,
  options: Pick<Options, 'port' | 'adoption'>,
): Promise<void> {
  const adopted = options.adoption
    ? await adopt(workbench, options.adoption, environments)
    : adoptedCluster(workbench.root);
  if (adopted) await startAdopted(workbench, adopted, environments);
  else await startHere(workbench, options);
}

async function startHere(workbench: Workbench, options: Pick<Options, 'port'>): Promise<void> {
  const { root, progress, print, signal } = workbench;
  const { cluster, provider } = localCluster(root, signal);
  const steps = [
    ...(await provider.planCreate(cluster)),
    ...(await provider.planPackages('Debian packages to make base images with', imagePackages)),
  ];
  if (steps.length > 0) {
    print('This machine needs:');
    for (const step of steps) {
      print(`  ${step.title}`);
      for (const detail of step.details) print(`      ${detail}`);
    }
  }
  const allUp = await runSteps(progress, steps);

  const { http: port, https } = await gatewayPorts(root, options.port);
  await bringUp(workbench, cluster, environments);
  const addresses = publicAddresses(root, environments, port);
  await progress.step('The addresses answer', () => waitUntilAnswers(addresses));
  await allUp();

  const width = Math.max(...addresses.map(({ service }) => service.length));
  print('');
  for (const { service, url } of addresses) print(`  ${service.padEnd(width)}  ${url}`);
  print('');
  if (port !== 80) print(`The gateway is on port ${port}: port 80 was in use, or another was asked for.\n`);
  if (https !== 443) print(`For https it is on port ${https}: port 443 was in use.\n`);
}
