import { diff } from '@berth/deploy';
import { actionsOf, ContractEnvironments, limitMs, nameOf, versionOf } from './run';
import type { ContractServices, PlanSetup } from './setup';

/** What every orchestrator says beforehand: what would be made, changed and removed, and nothing else. */
export function planContract(name: string, setup: () => PlanSetup): void {
  describe(`the contract of an orchestrator: the plans of ${name}`, () => {
    const environments = new ContractEnvironments(setup);
    const both: ContractServices = { one: { behaviour: 'runs' }, two: { behaviour: 'runs' } };
    let environment: string;

    const plan = async (services: ContractServices) =>
      (await diff(setup().target, environment, setup().objects(environment, services))).filter(
        ({ action }) => action !== 'same',
      );

    beforeAll(() => {
      environment = setup().environment('plan');
    });
    afterAll(() => environments.end(), limitMs);

    test(
      'would make everything where there is nothing, and makes nothing by saying so',
      async () => {
        const { workload, home } = setup().words;
        const changes = await plan(both);
        expect(actionsOf({ changes })).toEqual(
          expect.arrayContaining([
            `create ${home}/${environment}`,
            `create ${workload('one')}`,
            `create ${workload('two')}`,
          ]),
        );
        expect(changes.every(({ action }) => action === 'create')).toBe(true);
        const dry = await environments.run(environment, both, { dryRun: true });
        expect(actionsOf(dry)).toContain(`create ${workload('one')}`);
        expect(await setup().target.observe(environment, [])).toMatchObject({ exists: false, inventory: [] });
      },
      limitMs,
    );

    test(
      'would do nothing where all is as it should be',
      async () => {
        await environments.run(environment, both);
        expect(await plan(both)).toEqual([]);
      },
      limitMs,
    );

    test(
      'names the one field that differs',
      async () => {
        const changed: ContractServices = { ...both, two: { behaviour: 'runs', version: '2' } };
        const version = versionOf(setup().words, 'two');
        const [first] = version;
        const changes = await plan(changed);
        const named = changes.flatMap(({ object, fields }) =>
          fields
            .filter(({ path }) => path.includes('VERSION'))
            .map(({ before, after }) => [nameOf(object), before, after]),
        );
        expect(named).toEqual([[first, '1', '2']]);
        const others = changes.filter(({ object }) => nameOf(object) !== first);
        expect(others.flatMap(({ fields }) => fields)).toEqual([]);
        expect(version).toEqual(expect.arrayContaining(changes.map(({ object }) => nameOf(object))));
      },
      limitMs,
    );

    test(
      'would remove what the set no longer has, and only that',
      async () => {
        const changes = await plan({ one: { behaviour: 'runs' } });
        expect(actionsOf({ changes })).toContain(`prune ${setup().words.workload('two')}`);
        expect(changes.every(({ action }) => action === 'prune')).toBe(true);
      },
      limitMs,
    );

    test(
      'refuses an empty set, which would remove everything',
      async () => {
        await expect(diff(setup().target, environment, [])).rejects.toThrow(/an empty set is never deployed/);
      },
      limitMs,
    );
  });
}
