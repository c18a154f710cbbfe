import { ApiError, type KubeClient } from '@berth/kube';
import { MANAGED_BY_LABEL, SECRETS_NAME } from '@berth/manifests';
import { KnownValues } from './known-values';
import { askedLines, lastLines, type LastLines } from './last-lines';
import { maskerOf } from './mask';
import type { LinesRequest, Source } from './lines-request';

/** The last lines of one container, masked. */
export interface SourceLines extends Source, LastLines {
  /** Why there are none; absent when it was read. */
  failure?: string;
}

export interface LogReaderOptions {
  client: Pick<KubeClient, 'get' | 'logStream'>;
  /** Milliseconds for all lines of a request. */
  timeoutMs?: number;
}

/** There is no such environment. */
export class UnknownEnvironmentError extends Error {
  override readonly name = 'UnknownEnvironmentError';
}

/** Reads the last lines of containers, and lets none out in which a secret of their environment is seen. */
export class LogReader {
  readonly #known = new KnownValues();

  constructor(private readonly options: LogReaderOptions) {}

  /**
   * In the order of the sources.
   * @throws UnknownEnvironmentError when that is no environment of Berth's, and whatever keeps its secrets from being
   * read: then no line leaves
   */
  async read({ environment, sources }: LinesRequest): Promise<SourceLines[]> {
    const end = AbortSignal.timeout(this.#timeoutMs);
    await this.#refuseStrangers(environment);
    await this.#learnSecrets(environment);
    const found = await Promise.all(sources.map((source) => this.#linesOf(environment, source, end)));
    // A line may hold what was set since.
    await this.#learnSecrets(environment);
    const mask = maskerOf(this.#known.of(environment));
    return found.map(({ lines, ...source }) => ({
      ...source,
      lines: lines.map(({ at, text }) => ({ at, text: mask(text) })),
    }));
  }

  get #timeoutMs(): number {
    return this.options.timeoutMs ?? 5_000;
  }

  /** Of namespaces that Berth has not made, nobody knows where their secrets are. */
  async #refuseStrangers(environment: string): Promise<void> {
    const reference = { apiVersion: 'v1', kind: 'Namespace', name: environment };
    const namespace = await this.options.client.get(reference, { onceWithinMs: this.#timeoutMs });
    if (namespace?.metadata.labels?.[MANAGED_BY_LABEL] !== 'berth')
      throw new UnknownEnvironmentError(`There is no environment ${environment}.`);
  }

  /** An environment whose services have no secrets has no such object. */
  async #learnSecrets(environment: string): Promise<void> {
    const reference = { apiVersion: 'v1', kind: 'Secret', name: SECRETS_NAME, namespace: environment };
    const secret = await this.options.client.get(reference, { onceWithinMs: this.#timeoutMs });
    this.#known.learn(environment, Object.values((secret?.['data'] ?? {}) as Record<string, string>));
  }

  async #linesOf(environment: string, source: Source, signal: AbortSignal): Promise<SourceLines> {
    const { pod, container, previous } = source;
    const options = { container, previous, tailLines: askedLines, signal };
    try {
      return { ...source, ...(await lastLines(this.options.client.logStream(environment, pod, options))) };
    } catch (error) {
      return { ...source, lines: [], isCut: false, failure: this.#reason(error, signal) };
    }
  }

  /** In our own words: those of a node might quote anything. */
  #reason(error: unknown, { aborted }: AbortSignal): string {
    if (aborted) return `Its lines did not come within ${this.#timeoutMs / 1000} seconds.`;
    return error instanceof ApiError
      ? `The API server does not give its lines (${error.status} ${error.reason}).`
      : 'The connection broke while its lines were read.';
  }
}
