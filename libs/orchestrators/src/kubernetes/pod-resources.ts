import { quantity } from './quantity';

/** By resource (`cpu`, `memory`), a quantity. */
type Quantities = Readonly<Record<string, string | number>>;

export interface ContainerResources {
  name?: string;
  resources?: { requests?: Quantities; limits?: Quantities };
}

export interface PodContainers {
  containers?: ContainerResources[];
  initContainers?: ContainerResources[];
}

/** One entry of a LimitRange. */
export interface Limits {
  /** `Container`, `Pod` or `PersistentVolumeClaim`. */
  type: string;
  max?: Quantities;
  min?: Quantities;
  default?: Quantities;
  defaultRequest?: Quantities;
}

/** Amounts by `requests.cpu`, `limits.memory` and the like; what is not there was not asked for. */
export type Amounts = ReadonlyMap<string, number>;

/** What a container asks for, with what the LimitRanges of its namespace add to it. */
export function containerAmounts({ resources = {} }: ContainerResources, ranges: readonly Limits[]): Amounts {
  const limits: Record<string, string | number> = { ...resources.limits };
  const requests: Record<string, string | number> = { ...resources.limits, ...resources.requests };
  for (const range of ranges) {
    if (range.type !== 'Container') continue;
    // The server fills in a LimitRange itself: a default from its max, a default request from that or from its min.
    Object.assign(limits, { ...range.max, ...range.default, ...limits });
    Object.assign(requests, {
      ...range.min,
      ...range.max,
      ...range.default,
      ...range.defaultRequest,
      ...requests,
    });
  }
  return new Map([
    ...Object.entries(requests).map(([name, value]) => [`requests.${name}`, quantity(value, 0)] as const),
    ...Object.entries(limits).map(([name, value]) => [`limits.${name}`, quantity(value, 0)] as const),
  ]);
}

/** What one pod counts for: its containers together, or the largest that runs before them. */
export function podAmounts(
  { containers = [], initContainers = [] }: PodContainers,
  ranges: readonly Limits[],
): Amounts {
  const together = sum(containers.map((container) => containerAmounts(container, ranges)));
  const before = initContainers.map((container) => containerAmounts(container, ranges));
  return new Map([...largest([together, ...before]), ['pods', 1]]);
}

export function sum(all: readonly Amounts[]): Amounts {
  return combined(all, (one, other) => one + other);
}

export function largest(all: readonly Amounts[]): Amounts {
  return combined(all, Math.max);
}

export function times(amounts: Amounts, factor: number): Amounts {
  return new Map([...amounts].map(([name, value]) => [name, value * factor]));
}

function combined(all: readonly Amounts[], combine: (one: number, other: number) => number): Amounts {
  const result = new Map<string, number>();
  for (const [name, value] of all.flatMap((amounts) => [...amounts]))
    result.set(name, combine(result.get(name) ?? 0, value));
  return result;
}
