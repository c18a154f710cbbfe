import http from 'node:http';
import { json, text } from 'node:stream/consumers';

/** Milliseconds that dockerd may take to answer; its managers choose a new leader in less. */
const TIMEOUT_MS = 10_000;

/** After these tasks, or what is kept of an environment, may be other. Health checks that are asked (exec_…) are not among them. */
const ACTIONS = ['create', 'update', 'remove', 'start', 'health_status', 'kill', 'die'];

type Filters = Readonly<Record<string, readonly string[]>>;

/** Asks a manager's dockerd at its socket, and only ever for what there is (https://docs.docker.com/reference/api/engine/). */
export class Dockerd {
  constructor(private readonly socketPath: string) {}

  /** @param path of the API, for example `/services` @throws Error when dockerd does not say */
  async list<Item>(path: string, filters: Filters = {}): Promise<Item[]> {
    const answer = await json(await this.#ask(pathOf(path, filters), AbortSignal.timeout(TIMEOUT_MS)));
    if (!Array.isArray(answer)) throw new Error(`dockerd answered no list at ${path}`);
    return answer as Item[];
  }

  /**
   * Tells of each event until the signal.
   * @param types of what something happens to, for example `service`
   * @throws Error when the events end before
   */
  async follow(types: readonly string[], onEvent: () => void, signal: AbortSignal): Promise<void> {
    const answer = await this.#ask(pathOf('/events', { type: types, event: ACTIONS }), signal);
    for await (const _part of answer) onEvent();
    throw new Error('dockerd tells of no more events');
  }

  async #ask(path: string, signal: AbortSignal): Promise<http.IncomingMessage> {
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http
        .get({ socketPath: this.socketPath, path, signal, headers: { host: 'docker' } }, resolve)
        .on('error', reject);
    });
    if (answer.statusCode === 200) return answer;
    throw new Error(`dockerd answered ${answer.statusCode}: ${(await text(answer)).trim().slice(0, 200)}`);
  }
}

function pathOf(path: string, filters: Filters): string {
  return `${path}?${new URLSearchParams({ filters: JSON.stringify(filters) }).toString()}`;
}
