import { readFileSync } from 'node:fs';
import { deploy, type DeployRequest } from '@berth/deploy';
import { manifestsOf } from '@berth/manifests';
import { parseCluster } from '@berth/model';
import { ecsOrchestrator, type EcsOrchestrator } from './orchestrator';
import { testEnvironment, testServices } from './testing-models';

/** A cluster.json with a real account, whose tasks may pull from public.ecr.aws. */
const file = process.env['BERTH_TEST_ECS_CLUSTER'];
const run = process.pid.toString(36);
const limitMs = 1_200_000;

const onAccount = file === undefined ? describe.skip : describe;
const why =
  file === undefined ? ' (skipped: BERTH_TEST_ECS_CLUSTER names no cluster.json with an account)' : '';

onAccount(`ECS on a real account${why}`, () => {
  const cluster = () =>
    parseCluster(readFileSync(file ?? '', 'utf8'), { name: 'aws', root: 'deploy/clusters/aws' });
  let target: EcsOrchestrator;
  const environments = ['life', 'crash'].map((name) => `berth-test-${name}-${run}`);
  const [life = '', crash = ''] = environments;
  beforeAll(() => {
    const { ecs } = cluster();
    if (!ecs) throw new Error(`${file} has no ecs`);
    target = ecsOrchestrator(ecs, { holder: 'account@test' });
  });
  afterAll(async () => {
    await Promise.all(environments.map((environment) => target.destroy(environment)));
    target.close();
  }, limitMs);

  const request = (name: string, command: string[]): DeployRequest => {
    const environment = testEnvironment(name);
    const image = 'public.ecr.aws/docker/library/busybox:1.37.0';
    const services = testServices(environment, { clock: { image, command } });
    return {
      environment: name,
      render: () =>
        manifestsOf(environment).renderObjects(environment, services, { registry: '', cluster: cluster() }),
      images: { resolve: async () => ({}), build: async () => ({}) },
      needs: {},
      author: 'account@test',
      timeoutMs: limitMs,
      noRollback: true,
    };
  };
  const ticks = ['sh', '-c', 'while true; do echo tick; sleep 1; done'];

  it(
    'runs a service, reads its lines, and changes nothing the second time',
    async () => {
      expect((await deploy(target, request(life, ticks))).record).toBe(1);
      const again = await deploy(target, request(life, ticks));
      expect(again.changes.filter(({ action }) => action !== 'same')).toEqual([]);
      const { services } = await target.status(life);
      expect(services).toMatchObject([{ name: 'clock', health: { state: 'healthy', ready: 1 } }]);
      const stopping = new AbortController();
      const seen: string[] = [];
      await target.logs(life, {
        follow: true,
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(120_000)]),
        onLine: ({ text }) => {
          seen.push(text);
          stopping.abort();
        },
      });
      expect(seen[0]).toBe('tick');
    },
    limitMs,
  );

  it(
    'fails with the exit code and the last log lines of tasks that do not stay',
    async () => {
      const fails = ['sh', '-c', 'echo the store is shut; exit 3'];
      await expect(deploy(target, request(crash, fails))).rejects.toThrow(
        /clock cannot run: [^]*exit code 3[^]*last log lines:\s+the store is shut/,
      );
      expect((await target.records(crash))[0]).toMatchObject({ outcome: 'failed' });
    },
    limitMs,
  );
});
