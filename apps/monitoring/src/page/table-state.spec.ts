import fc from 'fast-check';
import { environmentKey, serviceKey, type Entry, type EnvironmentEntry, type ServiceEntry } from '../entries';
import { TableEntries } from './table-state';
import { testEnvironment, testService } from './testing-entries';

const keyed = (entry: EnvironmentEntry | ServiceEntry): [string, Entry] =>
  'service' in entry ? [serviceKey(entry), entry] : [environmentKey(entry.name), entry];
const set = (...entries: (EnvironmentEntry | ServiceEntry)[]) => Object.fromEntries(entries.map(keyed));

it('keeps the rows that are as before, and makes anew those that are not', () => {
  const entries = new TableEntries();
  const first = entries.take(
    { set: set(testEnvironment('prod'), testService('web', 'prod'), testEnvironment('staging')), gone: [] },
    true,
  );
  expect(first.rows.map(({ environment }) => environment.name)).toEqual(['prod', 'staging']);
  const second = entries.take(
    { set: set(testService('web', 'staging', { state: 'hopeless' })), gone: [] },
    false,
  );
  expect(second.rows[0]).toBe(first.rows[0]);
  expect(second.rows[1]!.services).toMatchObject([{ service: 'web', state: 'hopeless' }]);
  const third = entries.take(
    { set: {}, gone: [environmentKey('prod'), 'service/prod/Deployment/web'] },
    false,
  );
  expect(third.rows).toEqual([second.rows[1]]);
});

it('forgets all that was told before a snapshot', () => {
  const entries = new TableEntries();
  entries.take({ set: { ...set(testEnvironment('prod')), source: { oldSince: 'x' } }, gone: [] }, true);
  expect(entries.take({ set: set(testEnvironment('staging')), gone: [] }, true)).toMatchObject({
    source: {},
    rows: [{ environment: { name: 'staging' }, services: [] }],
  });
});

it('comes to the same by changes as by a snapshot', () => {
  const anyEntry = fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('', 'web', 'store'), fc.boolean());
  fc.assert(
    fc.property(fc.array(fc.record({ put: fc.array(anyEntry), drop: fc.array(anyEntry) })), (changes) => {
      const entries = new TableEntries();
      let told: Record<string, Entry> = {};
      let state = entries.take({ set: {}, gone: [] }, true);
      const entryOf = ([environment, service, isWell]: [string, string, boolean]) =>
        service ? testService(service, environment, { ready: isWell ? 1 : 0 }) : testEnvironment(environment);
      for (const { put, drop } of changes) {
        const change = set(...put.map(entryOf));
        const gone = drop.map((each) => keyed(entryOf(each))[0]).filter((key) => !(key in change));
        told = Object.fromEntries(
          Object.entries({ ...told, ...change }).filter(([key]) => !gone.includes(key)),
        );
        state = entries.take({ set: change, gone }, false);
      }
      expect(state).toEqual(new TableEntries().take({ set: told, gone: [] }, true));
    }),
  );
});
