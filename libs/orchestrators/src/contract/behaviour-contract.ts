import { adjust, deploy, diff, rollback } from '@berth/deploy';
import { testUnless, type Inabilities, type Pace } from './abilities';
import { actionsOf as actions, ContractEnvironments, limitMs, nameOf, versionOf } from './run';
import type { ContractService, ContractSetup } from './setup';
import { until } from './until';

/** Pods say only the second in which they were made, and one of the same second as a secret counts as earlier. */
async function nextSecond(): Promise<void> {
  const second = () => Math.floor(Date.now() / 1000);
  const begun = second();
  await until(async () => second() > begun);
}

/** What every orchestrator does: deploys, changes, scales, restarts, remembers, brings back, prunes and destroys. */
export function behaviourContract(
  name: string,
  setup: () => ContractSetup,
  cannot: Inabilities,
  pace: Pace,
): void {
  const testLong = testUnless(cannot.running).concurrent;
  const testRunning = pace.atOnce ? testLong : testUnless(cannot.running);
  const testAny = pace.atOnce ? test.concurrent : test;
  describe(`the contract of an orchestrator: the behaviour of ${name}`, () => {
    const environments = new ContractEnvironments(setup);
    const run = environments.run.bind(environments);
    const made = { add: (environment: string) => environments.made(environment) };
    afterAll(() => environments.end(), limitMs);

    // First what takes longest.
    testLong(
      'ends when a service is not healthy in time, and says what it last put out',
      async () => {
        const environment = setup().environment('sick');
        // Others deploy at the same time: the container has to have started by then, and put something out.
        await expect(run(environment, { one: { behaviour: 'sick' } }, { timeoutMs: 40_000 })).rejects.toThrow(
          /is not healthy after 40 s:[^]*one[^]*listening as/,
        );
        expect((await setup().target.records(environment))[0]).toMatchObject({ outcome: 'failed' });
      },
      limitMs,
    );

    testAny(
      'deploys, changes nothing the second time, changes one service, prunes, and remembers it all',
      async () => {
        const environment = setup().environment('life');
        const both: Record<string, ContractService> = {
          one: { behaviour: 'runs' },
          two: { behaviour: 'runs' },
        };
        const dry = await run(environment, both, { dryRun: true });
        expect(actions(dry)).toContain(`create ${setup().words.workload('one')}`);
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
        const changes = await diff(setup().target, environment, setup().objects(environment, changed));
        expect(
          changes.flatMap(({ fields }) => fields).filter(({ path }) => path.includes('VERSION')),
        ).toHaveLength(1);
        const version = versionOf(setup().words, 'two');
        const done = (await run(environment, changed)).changes
          .filter(({ action }) => action !== 'same')
          .map(({ object }) => nameOf(object));
        expect(done).toContain(version[0]);
        expect(version).toEqual(expect.arrayContaining(done));

        const one: Record<string, ContractService> = { one: { behaviour: 'runs' } };
        const pruned = actions(await run(environment, one));
        expect(pruned).toContain(`prune ${setup().words.workload('two')}`);
        expect(pruned.every((text) => text.startsWith('prune '))).toBe(true);
        expect(
          (await setup().target.observe(environment, [])).inventory.map((object) => nameOf(object)),
        ).not.toContain(setup().words.workload('two'));

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

    testLong(
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
          { action: 'change', fields: [{ path: setup().words.replicas, before: 1, after: 2 }] },
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
        expect(actions(await run(environment, services))).toEqual([
          `change ${setup().words.workload('one')}`,
        ]);
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

    testRunning(
      'ends early for an image that is not there, prunes nothing, and converges when it is put right',
      async () => {
        const environment = setup().environment('image');
        await run(environment, { one: { behaviour: 'runs' }, two: { behaviour: 'runs' } });
        await expect(
          run(environment, { one: { behaviour: 'image-missing' } }, { noRollback: true }),
        ).rejects.toThrow(following(/one cannot run: /, setup().words.noImage, setup().words.part));
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

    testLong(
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

    testLong(
      'ends at the third crash, with the exit code and the last log lines',
      async () => {
        const environment = setup().environment('crash');
        await expect(run(environment, { one: { behaviour: 'crashes' } })).rejects.toThrow(
          following(
            /one cannot run: crashed 3 times \(exit code 3/,
            setup().words.part,
            /last log lines:\s+the store is shut/,
          ),
        );
      },
      limitMs,
    );

    testAny(
      'says which secret is missing before it changes anything',
      async () => {
        const environment = setup().environment('secret');
        await expect(run(environment, { one: { behaviour: 'runs', secret: 'PASSWORD' } })).rejects.toThrow(
          /PASSWORD.*one needs it/,
        );
        expect((await setup().target.observe(environment, [])).exists).toBe(false);
      },
      limitMs,
    );

    testLong(
      'keeps secrets in no plan and no record, and starts those pods anew that use one, once, and no others',
      async () => {
        const environment = setup().environment('keeps');
        made.add(environment);
        const { target } = setup();
        const services: Record<string, ContractService> = {
          one: { behaviour: 'serves', secret: 'PASSWORD' },
          two: { behaviour: 'runs' },
        };
        const variable = () => setup().ask(environment, 'one', '/variable?name=PASSWORD');
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
        expect(await set('first-of-the-contract')).toEqual([setup().words.secret('PASSWORD')]);
        await nextSecond();
        await run(environment, services);
        const before = await pods();
        expect(await variable()).toEqual({ value: 'first-of-the-contract' });
        expect(await set('first-of-the-contract')).toEqual([]);
        expect(await set('second-of-the-contract')).toEqual([setup().words.secret('PASSWORD'), 'one']);
        const after = await pods();
        expect(await variable()).toEqual({ value: 'second-of-the-contract' });
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

    testAny(
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

    testAny(
      'records what an interrupted deploy did not live to record',
      async () => {
        const environment = setup().environment('killed');
        const services: Record<string, ContractService> = { one: { behaviour: 'runs' } };
        const { target } = setup();
        const killed = new Proxy(target, {
          get: (of, key: keyof typeof target) => {
            if (key === 'writeRecord') return () => Promise.reject(new Error('killed'));
            const value: unknown = of[key];
            return typeof value === 'function' ? value.bind(of) : value;
          },
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

    testAny(
      'lists what it would destroy, and leaves nothing',
      async () => {
        const environment = setup().environment('gone');
        await run(environment, { one: { behaviour: 'runs' } });
        const plan = await setup().target.planDestroy(environment);
        expect(plan.map(({ kind, name: object }) => `${kind}/${object}`)).toEqual(
          expect.arrayContaining([setup().words.workload('one'), `${setup().words.home}/${environment}`]),
        );
        await setup().target.destroy(environment);
        expect(await setup().target.planDestroy(environment)).toEqual([]);
      },
      limitMs,
    );
  });
}

/** One after the other, with anything between. */
function following(...patterns: RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('[^]*'));
}
