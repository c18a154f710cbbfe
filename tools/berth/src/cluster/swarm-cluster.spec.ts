import { parseCluster, UserError } from '@berth/model';
import type { SwarmReport } from '@berth/orchestrators';
import { isSwarmAlone, SwarmCluster } from './swarm-cluster';

const named = (document: object) =>
  parseCluster(JSON.stringify({ provider: 'existing', ...document }), {
    name: 'swarm',
    root: 'deploy/clusters/swarm',
  });
const docker = 'ssh://berth@one';
const cluster = named({ docker });
const node = (name: string, more: Partial<SwarmReport['nodes'][number]> = {}) => ({
  ...{ name, ready: true, isManager: false, takesTasks: true, version: '27.1' },
  ...more,
});
const swarm = (report: Partial<SwarmReport> = {}) =>
  new SwarmCluster(async () => ({ version: '27.1', nodes: [node('one')], environments: [], ...report }));
const away = new SwarmCluster(() => Promise.reject(new UserError('dockerd does not answer.', 'start it')));

it('is what a cluster.json names that has no Kubernetes', () => {
  expect(isSwarmAlone(cluster)).toBe(true);
  expect(isSwarmAlone(named({ docker, context: 'kind-desk' }))).toBe(false);
  expect(isSwarmAlone(named({}))).toBe(false);
});

it('says which nodes there are, and whether environments can run on them', async () => {
  const nodes = [node('one'), node('two', { takesTasks: false }), node('three', { ready: false })];
  expect(await swarm({ nodes }).observe(cluster)).toMatchObject({ exists: true, ready: false });
  expect(await swarm({ nodes }).check(cluster)).toEqual([
    { state: 'well', what: 'a Swarm, Docker 27.1' },
    { state: 'note', what: '1 of 3 nodes take tasks', hint: `docker --host ${docker} node ls` },
  ]);
  expect(await swarm().planCreate(cluster)).toEqual([]);
  await expect(swarm({ nodes: nodes.slice(1) }).planCreate(cluster)).rejects.toThrow(
    '0 of 2 nodes take tasks',
  );
});

it('is never destroyed; the refusal lists its environments, and what removes them', async () => {
  const environments = [{ name: 'pr-1', isProtected: false }];
  await expect(swarm({ environments }).planDestroy(cluster)).rejects.toMatchObject({
    message:
      'Berth did not make the Swarm swarm, and does not destroy it; environments of Berth in it: pr-1.',
    hint: 'nx run berth:destroy --env=pr-1 --cluster=swarm\nTo forget the cluster: delete deploy/clusters/swarm',
  });
  await expect(away.planDestroy(cluster)).rejects.toThrow('in it is not known: dockerd does not answer.');
  await expect(swarm().planStop(cluster)).rejects.toThrow('does not stop it');
});

it('that cannot be asked says why', async () => {
  await expect(away.observe(cluster)).rejects.toThrow('dockerd does not answer');
  expect(away.whereCredentialsAre(cluster)).toContain('by your ssh');
});
