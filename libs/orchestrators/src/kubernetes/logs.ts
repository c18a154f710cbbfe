import type { LogLine, LogRequest } from '@berth/deploy';
import {
  ApiError,
  mergedByTime,
  sortableTime,
  type KubeClient,
  type LiveObject,
  type TimedLine,
} from '@berth/kube';
import { serviceOf, workloadsOf } from './workloads';

/** One container of one pod. */
interface Source {
  service: string;
  pod: string;
  container: string;
  /** Tells a container from another one of its name, in this pod or a later one. */
  key: string;
  /** Its present run; undefined before the first. */
  run: string | undefined;
  isRunning: boolean;
}

/** What is known of a source whose lines are passed on. */
interface Followed {
  /** The time of the last line that was passed on; empty before the first. */
  last: string;
  /** The run that is over and of which all was passed on. */
  done?: string;
  isOpen?: boolean;
}

/** Milliseconds until a log that ended while its container seems to run is opened again. */
const pauseMs = 1000;

/**
 * Passes on what the services of an environment put out: first what there is, in the order of its time; then, when it is
 * followed, whatever comes. One line of each container is held in memory.
 * @throws UserError when there is no such service, or the logs may not be read
 */
export async function logs(client: KubeClient, environment: string, request: LogRequest): Promise<void> {
  const { services, sinceSeconds, signal } = request;
  await workloadsOf(client, environment, services);
  const since =
    sinceSeconds === undefined ? '' : new Date(client.now().getTime() - sinceSeconds * 1000).toISOString();
  const known = new Map<string, Followed>();
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace: environment });
  const there = sourcesIn(items, services);
  for (const { key } of there) known.set(key, { last: sortableTime(since) ?? '' });
  try {
    const read = there.map((source) => linesOf(client, environment, source, since, signal));
    for await (const { source, time, text } of mergedByTime(read)) {
      known.set(source.key, { last: time });
      await request.onLine(lineOf(source, text));
    }
    if (request.follow) await follow(client, environment, request, known);
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

interface SourceLine extends TimedLine {
  source: Source;
}

async function* linesOf(
  client: KubeClient,
  environment: string,
  source: Source,
  since: string,
  signal: AbortSignal | undefined,
  follow = false,
): AsyncGenerator<SourceLine> {
  const { pod, container } = source;
  const options = {
    container,
    follow,
    ...(since ? { sinceTime: since } : {}),
    ...(signal ? { signal } : {}),
  };
  for await (const line of client.logStream(environment, pod, options)) yield { source, ...line };
}

/** Level-based: each change of a pod, and each end of a log, wakes a loop that opens what is not open. */
async function follow(
  client: KubeClient,
  environment: string,
  { services, onLine, signal }: LogRequest,
  known: Map<string, Followed>,
): Promise<void> {
  const stopping = new AbortController();
  const until = signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal;
  let wake: () => void = () => undefined;
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure = error;
    wake();
  };
  const pods = client.watch(
    { apiVersion: 'v1', kind: 'Pod', namespace: environment },
    {
      signal: until,
      onChange: () => wake(),
      onError: (error) => {
        if (error instanceof ApiError && (error.status === 401 || error.status === 403)) fail(error);
      },
    },
  );
  until.addEventListener('abort', () => wake(), { once: true });
  const pass = async (source: Source, text: string) => {
    try {
      await onLine(lineOf(source, text));
    } catch (error) {
      fail(error as Error);
    }
  };
  const open = async (source: Source, state: Followed) => {
    state.isOpen = true;
    try {
      // The server goes by whole seconds: what was passed on already comes again.
      for await (const { time, text } of linesOf(client, environment, source, state.last, until, true)) {
        if (time <= state.last) continue;
        state.last = time;
        await pass(source, text);
      }
      if (!source.isRunning && source.run) state.done = source.run;
      else await new Promise((resolve) => setTimeout(resolve, pauseMs));
    } catch (error) {
      if (error instanceof ApiError && error.status === 403) fail(error);
      // The server restarts, or the pod has gone: what is still there is opened again.
      else if (!until.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    } finally {
      state.isOpen = false;
      wake();
    }
  };
  try {
    await pods.synced;
    while (!until.aborted) {
      if (failure) throw failure;
      const woken = new Promise<void>((resolve) => (wake = resolve));
      const there = sourcesIn(pods.items(), services);
      forget(known, there);
      for (const source of there) {
        const state = known.get(source.key) ?? { last: '' };
        known.set(source.key, state);
        if (source.run && !state.isOpen && state.done !== source.run) void open(source, state);
      }
      await woken;
    }
  } finally {
    stopping.abort();
  }
}

/** Of pods that are gone nothing is remembered. */
function forget(known: Map<string, Followed>, there: readonly Source[]): void {
  const keys = new Set(there.map(({ key }) => key));
  for (const [key, { isOpen }] of known) if (!keys.has(key) && !isOpen) known.delete(key);
}

interface PodFields {
  spec?: { containers?: { name: string }[] };
  status?: {
    containerStatuses?: { name: string; containerID?: string; state?: { running?: object } }[];
  };
}

function sourcesIn(pods: readonly LiveObject[], services?: readonly string[]): Source[] {
  return pods.flatMap((pod) => {
    const service = serviceOf(pod);
    if (services && !services.includes(service)) return [];
    const { spec, status } = pod as LiveObject & PodFields;
    return (spec?.containers ?? []).map(({ name: container }): Source => {
      const found = status?.containerStatuses?.find(({ name }) => name === container);
      const { name, uid } = pod.metadata;
      return {
        service,
        pod: name,
        container,
        key: `${uid}/${container}`,
        run: found?.containerID,
        isRunning: found?.state?.running !== undefined,
      };
    });
  });
}

function lineOf({ service, pod, container }: Source, text: string): LogLine {
  return { service, pod, container, text };
}
