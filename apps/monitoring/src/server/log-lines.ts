import type { LogLines, LogSource, ServiceKey } from '../entries';
import type { ContainerRun } from './container-runs';
import type { ClusterMonitor } from './monitor';

export interface LogReadingOptions {
  /** Of the log reader. */
  url: URL;
  /** Lets in whoever has it. */
  token: string;
  timeoutMs?: number;
}

/** There are no lines now; the message says why. */
export class NoLinesError extends Error {
  override readonly name = 'NoLinesError';
}

/** The last lines of a service; undefined when there is no such service. @throws NoLinesError when there are none to give */
export type ReadLines = (service: ServiceKey) => Promise<LogLines | undefined>;

/** Those that the log reader gives. @param logs undefined where no log reader is told of */
export function linesOfContainers(
  monitor: Pick<ClusterMonitor, 'runs'>,
  logs: Pick<LogReading, 'read'> | undefined,
): ReadLines {
  return async (service) => {
    const found = monitor.runs(service);
    if (!found) return undefined;
    if (!logs) throw new NoLinesError('No log reader is told of: LOG_READER_URL is not set.');
    const { runs, omittedPods } = found;
    const sources = runs.length > 0 ? await logs.read(service.environment, runs) : [];
    return { sources, omittedPods };
  };
}

/** Asks the log reader, which masks what it gives. This server may read neither logs nor secrets. */
export class LogReading {
  constructor(private readonly options: LogReadingOptions) {}

  /** @throws NoLinesError when the log reader gives none */
  async read(environment: string, sources: readonly ContainerRun[]): Promise<LogSource[]> {
    const { url, token, timeoutMs = 10_000 } = this.options;
    let status: number;
    let body: { sources?: LogSource[]; error?: unknown };
    try {
      const response = await fetch(new URL('/lines', url), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ environment, sources }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      status = response.status;
      body = (await response.json()) as typeof body;
    } catch (error) {
      throw new NoLinesError('The log reader does not answer: nx status admin', { cause: error });
    }
    if (status === 200 && Array.isArray(body.sources)) return body.sources.map(sourceOf);
    if (status === 401)
      throw new NoLinesError(
        'The log reader has another LOG_READER_TOKEN than this page: nx restart admin --service=log-reader,monitoring',
      );
    throw new NoLinesError(typeof body.error === 'string' ? body.error : `The log reader answers ${status}.`);
  }
}

/** Nothing but what is named here. */
function sourceOf({ pod, container, previous, lines, isCut, failure }: LogSource): LogSource {
  return {
    pod,
    container,
    previous,
    lines: lines.map(({ at, text }) => ({ at, text })),
    isCut,
    ...(failure === undefined ? {} : { failure }),
  };
}
