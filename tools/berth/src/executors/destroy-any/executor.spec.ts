import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import destroyAny, { type DestroyAnyOptions } from './executor';
import { printedLines } from '../testing-printed';

describe('nx run berth:destroy', () => {
  const root = mkdtempSync(join(tmpdir(), 'berth-destroy-'));
  const context = { root, projectName: 'berth' } as ExecutorContext;
  const printed = printedLines();

  beforeAll(() => {
    for (const name of ['desk', 'cloud']) {
      mkdirSync(join(root, `deploy/clusters/${name}`), { recursive: true });
      writeFileSync(join(root, `deploy/clusters/${name}/cluster.json`), '{ "provider": "existing" }');
    }
  });
  // A dockerd that would be anybody's: it is not even asked.
  beforeAll(() => {
    mkdirSync(join(root, 'deploy/clusters/swarm'));
    const document = { provider: 'existing', docker: 'tcp://192.0.2.7:2375' };
    writeFileSync(join(root, 'deploy/clusters/swarm/cluster.json'), JSON.stringify(document));
    mkdirSync(join(root, 'deploy/clusters/both'));
    const both = { ...document, context: 'kind-desk' };
    writeFileSync(join(root, 'deploy/clusters/both/cluster.json'), JSON.stringify(both));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it.each<[DestroyAnyOptions, RegExp]>([
    [{}, /Nothing says what is to be destroyed[^]*nx run berth:destroy --env=pr-42[^]*--expired/],
    [{ env: 'pr-1', expired: true }, /--env and --expired exclude each other/],
    [{ env: '' }, /name must be/],
    [{ env: 'kube-system' }, /cannot be called "kube-system"/],
    [{ env: 7 }, /Which cluster\? There are both, cloud, desk, swarm\.[^]*--cluster=both/],
    [{ env: 7, cluster: 'desc' }, /There is no cluster "desc"[^]*Did you mean --cluster=desk\?/],
    [{ expired: true, cluster: 'desk' }, /deploy\/clusters\/desk\/kubeconfig/],
    [{ env: 7, cluster: 'swarm' }, /tcp:\/\/192\.0\.2\.7:2375/],
    [{ expired: true, cluster: 'swarm' }, /tcp:\/\/192\.0\.2\.7:2375[^]*--expired --cluster=swarm/],
    [
      { env: 7, cluster: 'swarm', orchestrator: 'kubernetes' },
      /swarm\/cluster\.json has no kubernetes; its environments are on swarm\.[^]*--orchestrator=swarm/,
    ],
    [{ env: 7, cluster: 'both', orchestrator: 'swarn' }, /Did you mean --orchestrator=swarm\?/],
    [{ env: 7, cluster: 'both' }, /Whether 7 is on (Kubernetes|Swarm) cannot be said/],
    [{ env: 7, cluster: 'both', orchestrator: 'kubernetes' }, /^[^]*both\/kubeconfig/],
  ])('refuses %j', async (options, message) => {
    expect(await destroyAny({ force: true, ...options }, context)).toEqual({ success: false });
    expect(printed.join('\n')).toMatch(message);
  });
});
