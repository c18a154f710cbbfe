import {
  adjust,
  deploy,
  diff,
  rollback,
  type Adjusting,
  type DeployOutcome,
  type DeployRequest,
  type DeployTarget,
  type Destroying,
  type SecretKeeping,
  type StatusReading,
} from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';

/** One orchestrator, and what the suite must know of the place where it runs. */
export interface ContractSetup {
  target: DeployTarget & StatusReading & Adjusting & SecretKeeping & Destroying;
  /** A name of its own for each environment that the suite makes. */
  environment: (suffix: string) => string;
  /** The objects of an environment with these services. */
  objects: (environment: string, services: Readonly<Record<string, ContractService>>) => KubernetesObject[];
  /** Identifies the state of everything that was deployed: equal before and after, nothing was touched. */
  fingerprint: (environment: string, objects: readonly KubernetesObject[]) => Promise<string>;
}

export interface ContractService {
  /** `runs`, `crashes` at once with code 3 after it printed `the store is shut`, or has an image that no registry has. */
  behaviour: 'runs' | 'crashes' | 'image-missing';
  /** A variable of its environment; another value is another version. */
  version?: string;
  /** A key of the environment's Secret that it needs. */
  secret?: string;
}

/**
 * What every orchestrator must do. Each test makes environments of its own, which are destroyed at the end; those that
 * wait the longest run beside the others.
 */
export function orchestratorContract(name: string, setup: () => ContractSetup): void {
  describe(`the contract of an orchestrator: ${name}`, () => {
    const made = new Set<string>();
    const limitMs = 120_000;
    const run = (
      environment: string,
      services: Record<string, ContractService>,
      options: Partial<DeployRequest> = {},
    ): Promise<DeployOutcome> => {
      made.add(environment);
      return deploy(setup().target, {
        environment,
        render: () => setup().objects(environment, services),
        images: { resolve: async () => ({}), build: async () => ({}) },
        needs: {},
        author: 'contract@test',
        timeoutMs: 60_000,
        ...options,
      });
    };
    const actions = ({ changes }: DeployOutcome): string[] =>
      changes
        .filter(({ action }) => action !== 'same')
        .map(({ action, object }) => `${action} ${object.kind}/${object.name}`);

    afterAll(async () => {
      await Promise.all([...made].map((environment) => setup().target.destroy(environment)));
    }, limitMs);

    test(
      'deploys, changes nothing the second time, changes one service, prunes, and remembers it all',
      async () => {
        const environment = setup().environment('life');
        const both: Record<string, ContractService> = {
          one: { behaviour: 'runs' },
          two: { behaviour: 'runs' },
        };
        const dry = await run(environment, both, { dryRun: true });
        expect(actions(dry)).toContain('create Deployment/one');
        expect((await setup().target.observe(environment, [])).exists).toBe(false);

        expect((await run(environment, both)).record).toBe(1);
        const objects = setup().objects(environment, both);
        const before = await setup().fingerprint(environment, objects);
        const again = await run(environment, both);
        expect(actions(again)).toEqual([]);
        expect(again.record).toBeUndefined();
        expect(await setup().fingerprint(environment, objects)).toBe(before);

        const changed: Record<string, ContractService> = {
          ...both,
          two: { behaviour: 'runs', version: '2' },
        };
        const [change, ...others] = await diff(
          setup().target,
          environment,
          setup().objects(environment, changed),
        ).then((changes) => changes.filter(({ action }) => action !== 'same'));
        expect(others).toEqual([]);
        expect(
          change?.fields.map(({ path }) => path).filter((path) => path.includes('VERSION')),
        ).toHaveLength(1);
        expect(actions(await run(environment, changed))).toEqual(['change Deployment/two']);

        const one: Record<string, ContractService> = { one: { behaviour: 'runs' } };
        const pruned = actions(await run(environment, one));
        expect(pruned).toContain('prune Deployment/two');
        expect(pruned.every((text) => text.startsWith('prune '))).toBe(true);
        expect(
          (await setup().target.observe(environment, [])).inventory.map(({ name: object }) => object),
        ).not.toContain('two');

        const records = await setup().target.records(environment);
        expect(records.map(({ number, outcome }) => `${number} ${outcome}`)).toEqual([
          '3 succeeded',
          '2 succeeded',
          '1 succeeded',
        ]);
        const status = await setup().target.status(environment);
        expect(status.services.map(({ name: service, health }) => `${service} ${health.state}`)).toEqual([
          'one healthy',
        ]);
        expect(status.deploying).toBeUndefined();
      },
      limitMs,
    );

    test.concurrent(
      'scales and restarts services between deploys, which neither undo nor repeat it',
      async () => {
        const environment = setup().environment('scale');
        const { target } = setup();
        const services: Record<string, ContractService> = { one: { behaviour: 'runs' } };
        await run(environment, services);
        const request = { environment, author: 'contract@test', timeoutMs: 60_000 };
        const one = async () => {
          const [service] = (await target.status(environment)).services;
          return { ready: service?.health.ready, pods: service?.pods.map((pod) => pod.name) ?? [] };
        };
        const scale = (replicas?: number, dryRun = false) =>
          adjust(target, { ...request, dryRun }, () => target.planScale(environment, 'one', replicas));

        expect(await scale(2, true)).toMatchObject([
          { action: 'change', fields: [{ path: 'spec.replicas', before: 1, after: 2 }] },
        ]);
        expect((await one()).ready).toBe(1);
        await scale(2);
        const { ready, pods } = await one();
        expect(ready).toBe(2);
        const restart = (at: string) =>
          adjust(target, request, () => target.planRestart(environment, ['one'], at));
        await restart('2026-01-02T12:00:00Z');
        const restarted = await one();
        expect(restarted.ready).toBe(2);
        expect(restarted.pods.filter((name) => pods.includes(name))).toEqual([]);

        const again = await run(environment, services);
        expect([actions(again), again.record]).toEqual([[], undefined]);
        expect(await one()).toEqual(restarted);
        await scale();
        expect((await one()).ready).toBe(2);
        expect(actions(await run(environment, services))).toEqual(['change Deployment/one']);
        expect((await one()).ready).toBe(1);

        const lease = await target.acquire(environment, 'ana@laptop');
        await expect(scale(3)).rejects.toThrow(/is being deployed by ana@laptop/);
        await lease.release();
        await expect(target.planScale(environment, 'on', 2)).rejects.toThrow(/did you mean "one"\?/);
        await expect(target.planRestart(setup().environment('none'), undefined, '')).rejects.toThrow(
          /is not deployed/,
        );
      },
      limitMs,
    );

    test(
      'ends early for an image that is not there, prunes nothing, and converges when it is put right',
      async () => {
        const environment = setup().environment('image');
        await run(environment, { one: { behaviour: 'runs' }, two: { behaviour: 'runs' } });
        const start = Date.now();
        await expect(
          run(environment, { one: { behaviour: 'image-missing' } }, { noRollback: true }),
        ).rejects.toThrow(/one cannot run: .*(ErrImagePull|ImagePullBackOff)[^]*pod: one-/);
        // Later than the first sign of it, and so are the ten seconds that a deploy may take from there.
        expect(Date.now() - start).toBeLessThan(10_000);
        const { inventory } = await setup().target.observe(environment, []);
        expect(inventory.map(({ name: object }) => object)).toContain('two');
        expect((await setup().target.records(environment))[0]).toMatchObject({ outcome: 'failed' });
        await run(environment, { one: { behaviour: 'runs' } });
        expect(
          (await setup().target.status(environment)).services.map(({ name: service }) => service),
        ).toEqual(['one']);
      },
      limitMs,
    );

    test.concurrent(
      'brings everything back when a deploy fails, and an earlier set when it is asked to',
      async () => {
        const environment = setup().environment('back');
        const { target } = setup();
        const first: Record<string, ContractService> = {
          one: { behaviour: 'runs' },
          two: { behaviour: 'runs' },
        };
        await run(environment, first, { commit: '0123456789abcdef' });
        const broken: Record<string, ContractService> = {
          one: { behaviour: 'image-missing' },
          three: { behaviour: 'runs' },
        };
        await expect(run(environment, broken)).rejects.toThrow(
          /^\S+ one cannot run: [^]*\n\n\S+ was brought back to record 1 \(commit 0123456789, by contract@test\)\.$/,
        );
        const names = async () =>
          (await target.status(environment)).services.map(
            ({ name: service, health }) => `${service} ${health.state}`,
          );
        expect(await names()).toEqual(['one healthy', 'two healthy']);
        expect(await target.records(environment)).toMatchObject([
          { number: 3, outcome: 'succeeded', restores: 1, commit: '0123456789abcdef' },
          { number: 2, outcome: 'failed', failure: expect.stringContaining('one cannot run') },
          { number: 1, outcome: 'succeeded' },
        ]);

        await run(environment, { one: { behaviour: 'runs', version: '2' } });
        expect(await names()).toEqual(['one healthy']);
        const { record, restored } = await rollback(target, {
          environment,
          images: () => ({ resolve: async () => ({}), build: async () => ({}) }),
          author: 'contract@test',
          timeoutMs: 60_000,
        });
        expect([record, restored.number]).toEqual([5, 3]);
        expect(await names()).toEqual(['one healthy', 'two healthy']);
        const changes = await diff(target, environment, setup().objects(environment, first));
        expect(changes.filter(({ action }) => action !== 'same')).toEqual([]);
      },
      limitMs,
    );

    test.concurrent(
      'ends at the third crash, with the exit code and the last log lines',
      async () => {
        const environment = setup().environment('crash');
        await expect(run(environment, { one: { behaviour: 'crashes' } })).rejects.toThrow(
          /one cannot run: crashed 3 times \(exit code 3[^]*pod: one-[^]*last log lines:\s+the store is shut/,
        );
      },
      limitMs,
    );

    test(
      'says which secret is missing before it changes anything',
      async () => {
        const environment = setup().environment('secret');
        await expect(run(environment, { one: { behaviour: 'runs', secret: 'PASSWORD' } })).rejects.toThrow(
          /berth-secrets is missing \(its key PASSWORD is needed\); one needs it/,
        );
        expect((await setup().target.observe(environment, [])).exists).toBe(false);
      },
      limitMs,
    );

    test.concurrent(
      'keeps secrets in no plan and no record, and starts those pods anew that use one, once, and no others',
      async () => {
        const environment = setup().environment('keeps');
        made.add(environment);
        const { target } = setup();
        const services: Record<string, ContractService> = {
          one: { behaviour: 'runs', secret: 'PASSWORD' },
          two: { behaviour: 'runs' },
        };
        const objects = setup().objects(environment, services);
        const set = async (value: string) => {
          const edit = {
            values: new Map([['PASSWORD', Buffer.from(value)]]),
            author: 'contract@test',
            restart: true,
          };
          const changes = await adjust(
            target,
            { environment, author: 'contract@test', timeoutMs: 60_000 },
            () => target.planSecrets(environment, objects, edit),
            {
              prepare: () => target.prepare(environment, objects),
              apply: (planned, signal) => target.applySecrets(environment, edit, planned, signal),
            },
          );
          expect(JSON.stringify(changes)).not.toContain(Buffer.from(value).toString('base64'));
          return changes.filter(({ action }) => action !== 'same').map(({ object }) => object.name);
        };
        const pods = async () => {
          const { services: found } = await target.status(environment);
          return Object.fromEntries(
            found.map((service) => [service.name, service.pods.map((pod) => pod.name)]),
          );
        };
        expect(await set('first-of-the-contract')).toEqual(['berth-secrets']);
        await run(environment, services);
        const before = await pods();
        expect(await set('first-of-the-contract')).toEqual([]);
        expect(await set('second-of-the-contract')).toEqual(['berth-secrets', 'one']);
        const after = await pods();
        expect(after['two']).toEqual(before['two']);
        expect(after['one']?.filter((name) => before['one']?.includes(name))).toEqual([]);

        expect(await set('second-of-the-contract')).toEqual([]);
        expect(actions(await run(environment, services))).toEqual([]);
        expect(await pods()).toEqual(after);
        expect(await target.secrets(environment, objects)).toMatchObject([
          { name: 'PASSWORD', isSet: true, setBy: 'contract@test', usedBy: ['one'] },
        ]);
        const recorded = JSON.stringify([
          await target.records(environment),
          await target.recordedObjects(environment, 1),
        ]);
        expect(recorded).not.toContain('-of-the-contract');
      },
      limitMs,
    );

    test(
      'keeps two deploys of one environment apart',
      async () => {
        const environment = setup().environment('lease');
        made.add(environment);
        const services: Record<string, ContractService> = { one: { behaviour: 'runs' } };
        await setup().target.prepare(environment, setup().objects(environment, services));
        const lease = await setup().target.acquire(environment, 'ana@laptop');
        await expect(run(environment, services)).rejects.toThrow(
          /is being deployed by ana@laptop since \d{4}-/,
        );
        await lease.release();
        const both = await Promise.allSettled(
          ['ana@laptop', 'ben@laptop'].map((author) => run(environment, services, { author })),
        );
        const refused = both.filter(({ status }) => status === 'rejected');
        expect(refused).toHaveLength(1);
        expect(refused[0]).toMatchObject({
          reason: { message: expect.stringMatching(/is being deployed by (ana|ben)@laptop/) },
        });
      },
      limitMs,
    );

    test(
      'records what an interrupted deploy did not live to record',
      async () => {
        const environment = setup().environment('killed');
        const services: Record<string, ContractService> = { one: { behaviour: 'runs' } };
        const { target } = setup();
        const killed = Object.assign(Object.create(target) as typeof target, {
          writeRecord: () => Promise.reject(new Error('killed')),
        });
        made.add(environment);
        await expect(
          deploy(killed, {
            environment,
            render: () => setup().objects(environment, services),
            images: { resolve: async () => ({}), build: async () => ({}) },
            needs: {},
            author: 'contract@test',
          }),
        ).rejects.toThrow('killed');
        const again = await run(environment, services);
        expect(actions(again)).toEqual([]);
        expect(again.record).toBe(1);
        expect((await run(environment, services)).record).toBeUndefined();
      },
      limitMs,
    );

    test(
      'lists what it would destroy, and leaves nothing',
      async () => {
        const environment = setup().environment('gone');
        await run(environment, { one: { behaviour: 'runs' } });
        const plan = await setup().target.planDestroy(environment);
        expect(plan.map(({ kind, name: object }) => `${kind}/${object}`)).toEqual(
          expect.arrayContaining(['Deployment/one', `Namespace/${environment}`]),
        );
        await setup().target.destroy(environment);
        expect(await setup().target.planDestroy(environment)).toEqual([]);
      },
      limitMs,
    );
  });
}
