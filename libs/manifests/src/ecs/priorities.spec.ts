import type { ManifestObject } from '../object';
import { STACK_API_VERSION } from './names';
import { listenersToAsk, withFreePriorities } from './priorities';

const shared = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/front/01/02';
const own = { Ref: 'HttpsListener' };

function rule(name: string, Priority: number, ListenerArn: unknown = shared): ManifestObject {
  return {
    apiVersion: STACK_API_VERSION,
    kind: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    metadata: { name },
    Properties: { ListenerArn, Priority, Conditions: [] },
  };
}
const priorities = (objects: readonly ManifestObject[]) =>
  objects.map((object) => (object['Properties'] as { Priority: number }).Priority);

it('leaves priorities alone that nobody else has', () => {
  const objects = [rule('Web', 7), rule('Quotes', 9)];
  expect(withFreePriorities(objects)).toEqual(objects);
});

it('gives two rules of one environment two priorities, and rules of two listeners any', () => {
  expect(priorities(withFreePriorities([rule('Web', 7, own), rule('Quotes', 7, own)]))).toEqual([7, 8]);
  expect(priorities(withFreePriorities([rule('Web', 7, own), rule('Quotes', 7)]))).toEqual([7, 7]);
});

it('takes the next that is free where others share the listener, and the first after the last', () => {
  const taken = new Map([[shared, new Set([7, 8, 50_000])]]);
  expect(priorities(withFreePriorities([rule('Web', 7), rule('Quotes', 50_000)], { taken }))).toEqual([9, 1]);
});

it('moves no rule that is there, whoever comes and goes', () => {
  const live = [rule('Web', 9)];
  const all = new Map([[shared, new Set([7, 8, 9])]]);
  expect(priorities(withFreePriorities([rule('Web', 7)], { live, taken: all }))).toEqual([9]);
  expect(priorities(withFreePriorities([rule('Web', 7)], { live }))).toEqual([9]);
  expect(priorities(withFreePriorities([rule('Accounts', 9), rule('Web', 7)], { live }))).toEqual([10, 9]);
});

it('takes none of a rule that goes in the same run', () => {
  expect(priorities(withFreePriorities([rule('Quotes', 7)], { live: [rule('Web', 7)] }))).toEqual([8]);
});

it('chooses anew for a rule that comes to another listener', () => {
  const live = [rule('Web', 9, 'arn:of:another')];
  const taken = new Map([[shared, new Set([9])]]);
  expect(priorities(withFreePriorities([rule('Web', 9)], { live, taken }))).toEqual([10]);
});

it('asks nobody for rules that are there, or that are of a listener of the stack', () => {
  expect(listenersToAsk([rule('Web', 7), rule('Quotes', 9, own)], [rule('Web', 7)])).toEqual([]);
  expect(listenersToAsk([rule('Web', 7), rule('Quotes', 9)], [rule('Web', 7)])).toEqual([shared]);
  expect(listenersToAsk([rule('Web', 7)], [rule('Web', 7, 'arn:of:another')])).toEqual([shared]);
});
