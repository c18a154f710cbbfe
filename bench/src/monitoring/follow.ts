import { setTimeout as delay } from 'node:timers/promises';
import { ProcessRunner } from '@berth/exec';
import type { KubeClient, LiveObject } from '@berth/kube';
import type { Changes } from './changes';
import type { Place } from './content';

/** Of one change, in milliseconds. */
export interface Followed {
  /** From the call of the API until the page shows it. */
  fromCall: number;
  /** From the moment at which the event came to a watch of the benchmark's own, which is one of several. */
  fromEvent: number;
  /** The same, until `kubectl get --watch` has written it. */
  kubectl: number;
}

export interface FollowOptions {
  client: KubeClient;
  /** A command that writes the Deployments of all namespaces with their images as they change. */
  kubectl: readonly string[];
  signal: AbortSignal;
}

/** Milliseconds in which a rolling update and what the page has to do with it are over. */
const REST_MS = 250;
const LIMIT_MS = 10_000;

/** Changes one service after the other, and sees when each change is known to whom. */
export async function follow(
  changes: Changes,
  places: readonly Place[],
  { client, kubectl, signal }: FollowOptions,
): Promise<Followed[]> {
  const events = new Map<string, number>();
  const lines = new Map<string, number>();
  const note = (times: Map<string, number>, image: string) => {
    if (!times.has(image)) times.set(image, Date.now());
  };
  const watch = client.watch(
    { apiVersion: 'apps/v1', kind: 'Deployment' },
    // Each object comes by here once, when it arrives; nothing else of it is of interest.
    {
      keep: ({ apiVersion, kind, metadata, spec }) => (
        note(events, imageIn(spec)),
        { apiVersion, kind, metadata }
      ),
    },
  );
  const ending = new AbortController();
  const writing = new ProcessRunner({ signal: AbortSignal.any([signal, ending.signal]) }).run(kubectl, {
    onLine: (line) => note(lines, /\S+@sha256:\S+/.exec(line)?.[0] ?? ''),
  });
  // It is ended by us; what else ends it shows as a line that is missing.
  writing.catch(() => undefined);
  try {
    await watch.synced;
    const followed: Followed[] = [];
    for (const place of places) {
      await delay(REST_MS);
      const called = Date.now();
      const { image, shownAt } = await changes.deploy(place);
      const [event, line] = [await timeOf(image, events), await timeOf(image, lines)];
      // The benchmark's own watch may come after the page; a change cannot be shown before it.
      const since = (time: number) => Math.max(0, time - event);
      followed.push({ fromCall: shownAt - called, fromEvent: since(shownAt), kubectl: since(line) });
    }
    return followed;
  } finally {
    ending.abort();
    watch.close();
    await writing.catch(() => undefined);
  }
}

async function timeOf(image: string, times: ReadonlyMap<string, number>): Promise<number> {
  const limit = Date.now() + LIMIT_MS;
  for (;;) {
    const time = times.get(image);
    if (time !== undefined) return time;
    if (Date.now() > limit) throw new Error(`nothing is heard of ${image} after ${LIMIT_MS / 1000} s`);
    await delay(1);
  }
}

function imageIn(spec: LiveObject['spec']): string {
  const { template } = (spec ?? {}) as { template?: { spec?: { containers?: { image: string }[] } } };
  return template?.spec?.containers?.[0]?.image ?? '';
}
