import { isIPv6 } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { problemOf, ProbeProblem } from './problem';
import { addressOf, type Resolve } from './resolve';
import type { Target } from './targets';

export interface Answer {
  /** Milliseconds until there was one, the look-up of the name with them; of a failure until it was known. */
  ms: number;
  /** The HTTP status, where one came. */
  status?: number;
  /** Why it is none that is wanted; absent when all is well. */
  problem?: string;
}

export interface AskOptions {
  resolve: Resolve;
  /** Milliseconds for all of it: the name, the connection, the answer to its end. */
  patienceMs?: number;
}

export const standardPatienceMs = 5_000;
/** Bytes of a body that are read; the kubelet reads as many (k8s.io/kubernetes/pkg/probe/http, maxRespBodyLength). */
const mostBytes = 10_240;
const mostHeaderBytes = 16_384;
/** What the gateway says where it has no route: apps/gateway/nginx/lua/page.lua. */
export const noRouteText = 'No service has this host.';

/**
 * Asks a target once, by a connection of its own, as the kubelet does. Redirects are answers and are not followed. Never
 * rejects.
 */
export async function ask(
  target: Target,
  { resolve, patienceMs = standardPatienceMs }: AskOptions,
): Promise<Answer> {
  const started = performance.now();
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  let status: number | undefined;
  const finished = (problem: string | undefined): Answer => ({
    ms: performance.now() - started,
    ...(status === undefined ? {} : { status }),
    ...(problem === undefined ? {} : { problem }),
  });
  const { name, port } = target;
  let client: Client | undefined;
  try {
    const address = await orAborted(addressOf(resolve, name, target.address), patience.signal);
    client = new Client(`http://${isIPv6(address) ? `[${address}]` : address}:${port}`, {
      maxHeaderSize: mostHeaderBytes,
    });
    const answer = await client.request({
      method: 'GET',
      path: target.path,
      headers: { host: target.host, 'user-agent': 'berth-monitoring', accept: '*/*' },
      signal: patience.signal,
    });
    status = answer.statusCode;
    return finished(await judge(target, answer));
  } catch (error) {
    if (!patience.signal.aborted) return finished(problemOf(error));
    const seconds = patienceMs / 1000;
    return finished(
      status === undefined
        ? `no answer within ${seconds} s`
        : `answered with status ${status}, but not to its end within ${seconds} s`,
    );
  } finally {
    clearTimeout(timer);
    await client?.destroy();
  }
}

/** What is wrong with an answer. */
async function judge(
  { probe, host }: Target,
  { statusCode, body }: Dispatcher.ResponseData,
): Promise<string | undefined> {
  const answered = `answered with status ${statusCode}`;
  if (probe === 'health') {
    await start(body);
    // As the kubelet judges.
    return statusCode >= 200 && statusCode < 400 ? undefined : answered;
  }
  // Any answer of the service is one, as `nx status` has it: nobody knows which page it has.
  if ([502, 503, 504].includes(statusCode)) return `the gateway ${answered}: nobody is behind it`;
  if (statusCode === 404 && (await start(body)).trim() === noRouteText)
    return `the gateway has no route for ${host}`;
  return undefined;
}

/** The body, or as much of it as is read. */
async function start(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    parts.push(part);
    bytes += part.length;
    if (bytes >= mostBytes) break;
  }
  return Buffer.concat(parts).subarray(0, mostBytes).toString();
}

/** DNS cannot be told to stop. */
function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new ProbeProblem('aborted')), { once: true });
    promise.then(resolve, reject);
  });
}
