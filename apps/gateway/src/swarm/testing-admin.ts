/* Only tests use this. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deploy, type DeployTarget } from '@berth/deploy';
import { adminObjects } from '@berth/orchestrators/src/swarm/testing-admin';

/**
 * Deploys the gateway as its service.json says, in the environment admin.
 * @param docker as in cluster.json
 * @param image of the gateway
 */
export function deployGateway(target: DeployTarget, { docker, image }: { docker: string; image: string }) {
  const gateway = JSON.parse(readFileSync(join(__dirname, '../../service.json'), 'utf8')) as object;
  const images = new Map([['gateway', image]]);
  return deploy(target, {
    environment: 'admin',
    render: () => adminObjects({ docker, documents: { gateway }, images }),
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: {},
    author: 'gateway@test',
    timeoutMs: 120_000,
  });
}
