/* Only tests use this. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deploy, type DeployTarget } from '@berth/deploy';
import { adminObjects } from '@berth/orchestrators/src/swarm/testing-admin';

/**
 * Deploys the gateway as its service.json says, in the environment admin.
 * @param docker as in cluster.json
 * @param image of the gateway
 * @param more what env.json would say of it besides
 */
export function deployGateway(
  target: DeployTarget,
  { docker, image, more = {} }: { docker: string; image: string; more?: object },
) {
  const document = JSON.parse(readFileSync(join(__dirname, '../../service.json'), 'utf8')) as object;
  const gateway = { ...document, ...more };
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
