import { setTimeout as delay } from 'node:timers/promises';
import type { KubeClient } from '@berth/kube';
import { Asker } from './ask';
import type { Contestant } from './contestants';
import { hostOf, PROBE_LABEL, endpointSliceObject, serviceObject } from './objects';
import { routeName, staticEndpoints, type Routes } from './routes';

/** Of one change, in milliseconds. */
export interface Followed {
  /** From the call of the API until the first answer by the new route. */
  fromCall: number;
  /** From the moment at which the event came to a watch of the benchmark's own, which is one of several. */
  fromEvent: number;
  /** Of a request just before, to a route that was there already. */
  ordinary: number;
}

export interface FollowOptions {
  /** How many routes are made, one after the other. */
  changes: number;
  /** Milliseconds between the answer by one new route and the next change. */
  pauseMs: number;
  /** Distinguishes what is made from what earlier calls have made. */
  prefix: string;
}

/** Milliseconds in which a change must have been followed. */
const LIMIT_MS = 120_000;
/** Milliseconds after which it is asked less often, so that the questions are not what keeps it busy. */
const HURRY_MS = 100;

/**
 * Makes routes, and asks for each without a pause until it answers. Only the last object that a route needs is made in
 * the measured time; its endpoints are there before. They are taken away at the end.
 */
export async function follow(
  contestant: Pick<Contestant, 'port' | 'trigger'>,
  client: KubeClient,
  routes: Routes,
  { changes, pauseMs, prefix }: FollowOptions,
): Promise<Followed[]> {
  const names = Array.from({ length: changes }, (_, index) => `${prefix}-${index}`);
  const triggers = names.map((name) => contestant.trigger(name, { [PROBE_LABEL]: prefix }));
  const [first] = triggers;
  if (first === undefined) return [];
  const others = names.flatMap((name, index) => [
    endpointSliceObject(name, staticEndpoints(index)),
    ...(first.kind === 'Service' ? [] : [serviceObject(name)]),
  ]);
  await routes.create(...others);
  const arrivals = new Map<string, number>();
  const watch = client.watch(
    { apiVersion: first.apiVersion, kind: first.kind, labelSelector: `${PROBE_LABEL}=${prefix}` },
    {
      onChange() {
        const now = performance.now();
        for (const { metadata } of watch.items())
          if (!arrivals.has(metadata.name)) arrivals.set(metadata.name, now);
      },
    },
  );
  const asker = new Asker(contestant.port);
  try {
    await watch.synced;
    const followed: Followed[] = [];
    for (const trigger of triggers) {
      await delay(pauseMs);
      const { name } = trigger.metadata;
      const asked = performance.now();
      await asker.status(hostOf(routeName(0)));
      const called = performance.now();
      const call = client.create(trigger);
      const answered = await untilAnswered(asker, hostOf(name), called);
      await call;
      // The watch may come after the answer; a change cannot be followed before it.
      while (!arrivals.has(name)) await delay(1);
      followed.push({
        fromCall: answered - called,
        fromEvent: Math.max(0, answered - (arrivals.get(name) ?? answered)),
        ordinary: called - asked,
      });
    }
    return followed;
  } finally {
    asker.close();
    watch.close();
    await routes.remove(...triggers, ...others);
  }
}

async function untilAnswered(asker: Asker, host: string, since: number): Promise<number> {
  for (;;) {
    const status = await asker.status(host);
    const now = performance.now();
    if (status === 200) return now;
    if (now - since > LIMIT_MS) throw new Error(`${host} answered ${status} for ${LIMIT_MS / 1000} s`);
    if (now - since > HURRY_MS) await delay(1);
  }
}
