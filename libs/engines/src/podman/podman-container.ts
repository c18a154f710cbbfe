import type { Runner } from '@berth/exec';
import { ClientContainer } from '../container';
import type { Endpoint } from '../engine';
import { PortForward } from './port-forward';

/** A container with a network of its own that leads nowhere; this machine reaches its ports through PortForward. */
export class PodmanContainer extends ClientContainer {
  readonly #forwards = new Map<number, Promise<PortForward>>();

  constructor(id: string, runner: Runner) {
    super('podman', id, runner);
  }

  async endpoint(port: number): Promise<Endpoint> {
    const forward = await (this.#forwards.get(port) ?? this.#open(port));
    await forward.refuseClosed();
    return forward.endpoint;
  }

  override async stop(): Promise<void> {
    const forwards = [...this.#forwards.values()];
    this.#forwards.clear();
    await Promise.allSettled(forwards.map(async (forward) => (await forward).close()));
    await super.stop();
  }

  #open(port: number): Promise<PortForward> {
    const forward = this.#pid().then((pid) => PortForward.open(pid, port, this.runner));
    this.#forwards.set(port, forward);
    // The next question tries again.
    forward.catch(() => this.#forwards.delete(port));
    return forward;
  }

  async #pid(): Promise<number> {
    const pid = Number(await this.inspect('{{.State.Pid}}'));
    if (pid > 0) return pid;
    throw new Error('the container has ended');
  }
}
