import type { LiveObject } from '@berth/kube';
import { groupKinds, kindsOf } from './inventory';
import { applySetId, groupKindsAnnotation, partOfLabel, specHashAnnotation } from './names';
import { quantity } from './quantity';
import { handsOverReplicas } from './server-apply';
import { stamp } from './stamp';

const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' } };
const deployment = (spec: Record<string, unknown>) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'staging' },
  spec,
});
const hashOf = (object: Parameters<typeof stamp>[0]) =>
  stamp(object, 'staging', true).metadata.annotations?.[specHashAnnotation];

describe('stamp', () => {
  it('makes an object a member of the inventory, but not what is never pruned', () => {
    expect(stamp(deployment({}), 'staging', true).metadata.labels).toEqual({
      [partOfLabel]: applySetId('staging'),
    });
    expect(stamp(claim, 'staging', true).metadata).toMatchObject({ namespace: 'staging' });
    expect(stamp(claim, 'staging', true).metadata.labels).toBeUndefined();
  });

  it('shows that a field is no longer asked for', () => {
    expect(hashOf(deployment({ replicas: 1, paused: true }))).toBe(
      hashOf(deployment({ paused: true, replicas: 1 })),
    );
    expect(hashOf(deployment({ replicas: 1 }))).not.toBe(hashOf(deployment({})));
  });
});

it('names the ApplySet of an environment as KEP-3659 has it', () => {
  // printf berth-inventory.staging.Secret. | openssl dgst -sha256 -binary | base64 | tr +/ -_ | tr -d =
  expect(applySetId('staging')).toBe('applyset-uZmw8zuD4q0vzULD-JV2UkPgNXH0ylZZ9GbwweQISBY-v1');
});

it('reads the kinds of an inventory as it has written them', () => {
  const written = groupKinds([deployment({}), claim, deployment({})]);
  expect(written).toEqual(['Deployment.apps', 'PersistentVolumeClaim']);
  const parent = { metadata: { annotations: { [groupKindsAnnotation]: written.join(',') } } };
  expect(kindsOf(parent as unknown as LiveObject)).toEqual([
    { group: 'apps', kind: 'Deployment' },
    { group: '', kind: 'PersistentVolumeClaim' },
  ]);
  expect(kindsOf(undefined)).toEqual([]);
});

it.each([
  ['100m', 0.1],
  ['2', 2],
  ['128Mi', 128 * 2 ** 20],
  ['1G', 1e9],
  [undefined, Infinity],
])('reads the quantity %s', (text, value) => expect(quantity(text)).toBe(value));

describe('handsOverReplicas', () => {
  const live = (manager: string) =>
    ({
      ...deployment({ replicas: 3 }),
      metadata: {
        name: 'web',
        managedFields: [{ manager, operation: 'Apply', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }],
      },
    }) as unknown as LiveObject;

  it('is so when a deploy has set the number and asks for none now', () => {
    expect(handsOverReplicas(deployment({}), live('berth'))).toBe(true);
    expect(handsOverReplicas(deployment({ replicas: 2 }), live('berth'))).toBe(false);
    expect(handsOverReplicas(deployment({}), live('berth-scale'))).toBe(false);
  });
});
