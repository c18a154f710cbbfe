import http from 'node:http';

/** Milliseconds between two lines of a stream in which nothing happens: who hears none for long asks anew. */
export const HEARTBEAT_MS = 5000;

/** What a reader tells, by questions of its own to dockerd. */
export interface ReaderSource<State> {
  /** @throws Error when it is not known */
  state(): Promise<State>;
  /** Tells until the signal whenever something may be other than before. @throws Error when the events end before */
  follow(onEvent: () => void, signal: AbortSignal): Promise<void>;
}

/**
 * A server, not yet listening, of `/state` and `/events` (a line whenever something may be other than before, and an
 * empty one now and then). It asks dockerd its own questions and passes none on: nothing that a client sends gets there.
 */
export function createReader<State>(source: ReaderSource<State>, heartbeatMs = HEARTBEAT_MS): http.Server {
  let asked: Promise<State> | undefined;
  /** Who asks while dockerd is being asked gets the next answer, and not that one: it may say what was before. */
  let next: Promise<State> | undefined;
  const state = (): Promise<State> => {
    if (!asked) {
      const own = source.state();
      asked = own;
      void own.catch(() => undefined).then(() => (asked = undefined));
      return own;
    }
    next ??= asked
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return state();
      });
    return next;
  };
  return http.createServer((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (request.method !== 'GET') return answer(405, { error: 'only GET is answered here' });
    switch (request.url) {
      case '/state':
        return void state().then(
          (found) => answer(200, found),
          (error: unknown) => answer(503, { error: error instanceof Error ? error.message : String(error) }),
        );
      case '/events':
        return void streamEvents(source, response, heartbeatMs);
      default:
        return answer(404, { error: 'there are /state and /events' });
    }
  });
}

async function streamEvents(
  source: Pick<ReaderSource<unknown>, 'follow'>,
  response: http.ServerResponse,
  heartbeatMs: number,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  const heartbeat = setInterval(() => response.write('\n'), heartbeatMs);
  try {
    await source.follow(() => response.write('changed\n'), gone.signal);
  } catch {
    // The client asks anew, and is told then what is wrong.
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}
