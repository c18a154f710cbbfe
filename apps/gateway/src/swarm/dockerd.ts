import http from 'node:http';
import { json, text } from 'node:stream/consumers';
import { ENVIRONMENT_LABEL } from '@berth/manifests';
import { keptState, type DockerService, type DockerTask } from './kept-fields';
import type { SwarmState } from './state';

/** Milliseconds that dockerd may take to answer; its managers choose a new leader in less. */
const TIMEOUT_MS = 10_000;

/** Events after which tasks may be other ones. Those of health checks that are asked (exec_…) are not among them. */
const EVENTS = {
  type: ['service', 'node', 'container'],
  event: ['create', 'update', 'remove', 'start', 'health_status', 'kill', 'die'],
};

/** The three questions that the reader has for a manager's dockerd (https://docs.docker.com/reference/api/engine/). */
export class Dockerd {
  constructor(private readonly socketPath: string) {}

  /** The services of all environments, and their tasks that are to run. @throws Error when dockerd does not say */
  async state(): Promise<SwarmState> {
    const label = [ENVIRONMENT_LABEL];
    const [services, tasks] = await Promise.all([
      this.#list<DockerService>('/services', { label }),
      this.#list<DockerTask>('/tasks', { label, 'desired-state': ['running', 'ready'] }),
    ]);
    return keptState(services, tasks);
  }

  /** Tells of each event until the signal. @throws Error when the events end before */
  async follow(onEvent: () => void, signal: AbortSignal): Promise<void> {
    const answer = await this.#ask(pathOf('/events', EVENTS), signal);
    for await (const _part of answer) onEvent();
    throw new Error('dockerd tells of no more events');
  }

  async #list<Item>(path: string, filters: Readonly<Record<string, readonly string[]>>): Promise<Item[]> {
    const answer = await json(await this.#ask(pathOf(path, filters), AbortSignal.timeout(TIMEOUT_MS)));
    if (!Array.isArray(answer)) throw new Error(`dockerd answered no list at ${path}`);
    return answer as Item[];
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

function pathOf(path: string, filters: Readonly<Record<string, readonly string[]>>): string {
  return `${path}?${new URLSearchParams({ filters: JSON.stringify(filters) }).toString()}`;
}
