import type { LiveObject } from '@berth/kube';
import { routeTable, type ObservedEndpointSlice, type ObservedService } from '@berth/routes';
import { keptEndpointSlice, keptService } from './kept-fields';
import { conditionChanges, ROUTED } from './refusal-conditions';
import { endpointSlice, publicService } from './testing-objects';

/** As the API server has them. */
const live = (object: unknown): LiveObject => {
  const { metadata, ...rest } = object as LiveObject;
  return {
    ...rest,
    metadata: {
      ...metadata,
      resourceVersion: '7',
      labels: { ...metadata.labels, team: 'desk' },
      annotations: { ...metadata.annotations, 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
      managedFields: [{ manager: 'berth', operation: 'Apply', fieldsV1: { 'f:spec': {} } }],
    },
  };
};
const condition = { type: ROUTED, status: 'False', reason: 'HostTaken', message: 'it was' };
const service = live(
  publicService('web', undefined, {
    status: { loadBalancer: {}, conditions: [{ type: 'Other', status: 'True' }, condition] },
  }),
);
const slice = live(endpointSlice('web', ['10.0.0.1', '127.0.0.1']));

describe('what is kept', () => {
  it('gives the same table and the same conditions as the whole objects', () => {
    const whole = service as unknown as ObservedService;
    const kept = keptService(service);
    const table = routeTable({ services: [kept], endpointSlices: [keptEndpointSlice(slice)] });
    const expected = routeTable({
      services: [whole],
      endpointSlices: [slice as unknown as ObservedEndpointSlice],
    });
    expect([...table.routes]).toEqual([...expected.routes]);
    expect(table.refused).toEqual(expected.refused);
    expect(table.refused).toHaveLength(1);
    expect(conditionChanges([kept], table.refused)).toEqual(conditionChanges([whole], expected.refused));
    expect(conditionChanges([kept], [])).toHaveLength(1);
  });

  it('is not who wrote which field, nor what nothing here reads', () => {
    const text = JSON.stringify([keptService(service), keptEndpointSlice(slice)]);
    for (const word of ['managedFields', 'last-applied', 'team', 'Other']) expect(text).not.toContain(word);
    // By which a new list knows what is other than before.
    expect(keptService(service).metadata).toMatchObject({ resourceVersion: '7' });
    expect(keptEndpointSlice(slice).metadata).toMatchObject({ resourceVersion: '7' });
  });
});
