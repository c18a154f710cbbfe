import { createHash } from 'node:crypto';
import type { ManifestObject } from '../object';
import { LISTENER_RULE } from './names';

/** A listener has priorities from 1 up to this one (ELB API reference, CreateRule). */
const PRIORITIES = 50_000;

/** By the hosts alone: whoever makes the same template comes to the same one, whatever other services there are. */
export function preferredPriority(hosts: readonly string[]): number {
  const digest = createHash('sha256').update(hosts.join()).digest();
  return 1 + (digest.readUInt32BE(0) % PRIORITIES);
}

/** What is there already, where objects are compared with a stack. */
export interface Places {
  /** The stack's resources as they are. */
  live?: readonly ManifestObject[];
  /** By the ARN of a listener that others use too: the priorities of all rules there. */
  taken?: ReadonlyMap<string, ReadonlySet<number>>;
}

/**
 * The objects with a priority for each rule that no other rule of its listener has. One that is there keeps its own, so
 * that no deploy moves a rule; a new one gets the one that it has, or the next that is free.
 */
export function withFreePriorities(
  objects: readonly ManifestObject[],
  { live = [], taken = new Map() }: Places = {},
): ManifestObject[] {
  const before = rulesByName(live);
  const used = new Map([...taken].map(([arn, priorities]) => [keyOf(arn), new Set(priorities)]));
  const usedAt = (listener: string): Set<number> => {
    const found = used.get(listener) ?? new Set<number>();
    used.set(listener, found);
    return found;
  };
  // Those of rules that go too: CloudFormation removes what is old after it has made what is new.
  for (const { ListenerArn, Priority } of before.values()) usedAt(keyOf(ListenerArn)).add(Priority);
  return objects.map((object) => {
    if (object.kind !== LISTENER_RULE) return object;
    const rule = ruleOf(object);
    const own = before.get(object.metadata.name);
    const all = usedAt(keyOf(rule.ListenerArn));
    const Priority = isAt(own, rule) ? own.Priority : firstFree(rule.Priority, all);
    all.add(Priority);
    return Priority === rule.Priority ? object : { ...object, Properties: { ...rule, Priority } };
  });
}

/** ARNs of the listeners that are no part of the stack and get a rule that they do not have yet. */
export function listenersToAsk(
  objects: readonly ManifestObject[],
  live: readonly ManifestObject[],
): string[] {
  const before = rulesByName(live);
  const arns = objects
    .filter(({ kind }) => kind === LISTENER_RULE)
    .filter((object) => !isAt(before.get(object.metadata.name), ruleOf(object)))
    .map((object) => ruleOf(object).ListenerArn)
    .filter((arn) => typeof arn === 'string');
  return [...new Set(arns)];
}

interface Rule {
  /** An ARN, or a reference to a listener of the stack. */
  ListenerArn: unknown;
  Priority: number;
}

function ruleOf(object: ManifestObject): Rule {
  return object['Properties'] as Rule;
}

function rulesByName(objects: readonly ManifestObject[]): Map<string, Rule> {
  const rules = objects.filter(({ kind }) => kind === LISTENER_RULE);
  return new Map(rules.map((object) => [object.metadata.name, ruleOf(object)]));
}

function isAt(own: Rule | undefined, { ListenerArn }: Rule): own is Rule {
  return own !== undefined && keyOf(own.ListenerArn) === keyOf(ListenerArn);
}

function keyOf(listener: unknown): string {
  return JSON.stringify(listener);
}

/** Upwards from the wanted one, and from the first again. */
function firstFree(wanted: number, used: ReadonlySet<number>): number {
  for (let step = 0; step < PRIORITIES; step++) {
    const priority = 1 + ((wanted - 1 + step) % PRIORITIES);
    if (!used.has(priority)) return priority;
  }
  // A listener takes some hundred rules.
  throw new Error('a listener has no priority left');
}
