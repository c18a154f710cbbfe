/* Only tests use this. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deploy, type DeployTarget } from '@berth/deploy';
import { renderSwarmObjects } from '@berth/manifests';
import { parseCluster, parseEnvironment, parseService, resolveEnvironment } from '@berth/model';

/**
 * Deploys the gateway as its service.json says, in the environment admin.
 * @param docker as in cluster.json
 * @param image of the gateway
 */
export function deployGateway(target: DeployTarget, { docker, image }: { docker: string; image: string }) {
  const folder = { name: 'admin', root: 'deploy/environments/admin' };
  const text = JSON.stringify({ orchestrator: 'swarm', projects: ['gateway'] });
  const environment = parseEnvironment(text, folder, { domain: 'localhost' });
  const service = parseService(
    readFileSync(join(__dirname, '../../service.json'), 'utf8'),
    'apps/gateway/service.json',
    'gateway',
  );
  const cluster = parseCluster(JSON.stringify({ provider: 'existing', docker }), {
    name: 'swarm',
    root: 'deploy/clusters/swarm',
  });
  return deploy(target, {
    environment: 'admin',
    render: () =>
      renderSwarmObjects(environment, resolveEnvironment(environment, [service]), {
        registry: 'localhost:5000/berth',
        images: new Map([['gateway', image]]),
        cluster,
      }),
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: {},
    author: 'gateway@test',
    timeoutMs: 120_000,
  });
}
