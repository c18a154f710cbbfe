import type { LiveObject } from '@berth/kube';
import { noNode } from './nodes';

const node = (labels: Record<string, string>, cpu: string, memory = '8Gi') =>
  ({ kind: 'Node', metadata: { labels }, status: { allocatable: { cpu, memory } } }) as unknown as LiveObject;
const pod = (requests: Record<string, string>, nodeSelector?: Record<string, string>) =>
  ({ spec: { containers: [{ resources: { requests } }, {}], nodeSelector } }) as unknown as LiveObject;
const nodes = [node({ disk: 'ssd' }, '2'), node({ disk: 'hdd' }, '4')];

describe('no node can take a pod', () => {
  it('that requests more than any node has', () => {
    expect(noNode(pod({ cpu: '3500m' }), nodes)).toBeUndefined();
    expect(noNode(pod({ cpu: '4001m' }), nodes)).toBe('its requests are more than any node has');
    expect(noNode(pod({ memory: '9Gi' }), nodes)).toBe('its requests are more than any node has');
  });

  it('whose labels none has, or none that is big enough', () => {
    expect(noNode(pod({}, { disk: 'tape', zone: 'a' }), nodes)).toBe(
      'no node has the labels disk=tape, zone=a',
    );
    expect(noNode(pod({ cpu: '2' }, { disk: 'ssd' }), nodes)).toBeUndefined();
    expect(noNode(pod({ cpu: '3' }, { disk: 'ssd' }), nodes)).toBe(
      'its requests are more than any such node has',
    );
  });

  it('is not said of a node whose room is not understood', () => {
    expect(noNode(pod({ memory: '9Gi' }), [node({}, '2', 'plenty')])).toBeUndefined();
  });
});
