import { differences, missingFrom } from './difference';

describe('missingFrom', () => {
  it('ignores what only the live object has', () => {
    const live = { spec: { replicas: 2, strategy: { type: 'RollingUpdate' } }, status: { ready: 2 } };
    expect(missingFrom(live, { spec: { replicas: 2 } })).toEqual([]);
  });

  it('matches the elements of a list by name, wherever they stand', () => {
    const live = { containers: [{ name: 'sidecar' }, { name: 'web', image: 'web:1' }] };
    expect(missingFrom(live, { containers: [{ name: 'web', image: 'web:2' }] })).toEqual([
      { path: 'containers[web].image', before: 'web:1', after: 'web:2' },
    ]);
  });

  it('takes a list without names as one value when its length differs', () => {
    expect(missingFrom({ args: ['a'] }, { args: ['a', 'b'] })).toEqual([
      { path: 'args', before: ['a'], after: ['a', 'b'] },
    ]);
    expect(missingFrom({ args: ['a', 'c'] }, { args: ['a', 'b'] })).toEqual([
      { path: 'args[1]', before: 'c', after: 'b' },
    ]);
  });

  it('takes an empty field for an absent one, and 0 and false for values', () => {
    expect(missingFrom({}, { volumes: [], securityContext: {}, value: '' })).toEqual([]);
    expect(missingFrom({}, { replicas: 0, enabled: false })).toHaveLength(2);
  });
});

describe('differences', () => {
  it('shows what goes too, and nothing that the server counts by itself', () => {
    const before = {
      metadata: { resourceVersion: '1', generation: 1, labels: { old: 'yes' } },
      env: [{ name: 'A', value: '1' }, { name: 'B' }],
      status: { ready: 1 },
    };
    const after = {
      metadata: { resourceVersion: '2', generation: 2 },
      env: [{ name: 'A', value: '1' }],
      status: { ready: 0 },
    };
    expect(differences(before, after).map(({ path }) => path)).toEqual(['metadata.labels', 'env[B]']);
  });
});
