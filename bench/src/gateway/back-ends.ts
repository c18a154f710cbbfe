import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { POD_PORT } from './objects';

/** Pods that come and go, in a thread of their own. */
export class BackEnds {
  readonly #worker = new Worker(join(__dirname, 'back-ends.mjs'));
  readonly #waiting = new Map<number, (error?: string) => void>();
  #last = 0;

  constructor() {
    this.#worker.on('message', ({ id, error }: { id: number; error?: string }) => {
      this.#waiting.get(id)?.(error);
      this.#waiting.delete(id);
    });
  }

  /** Resolves when it listens. */
  open(address: string): Promise<void> {
    return this.#tell({ command: 'open', address, port: POD_PORT });
  }

  /** Resolves when its last connection has ended. */
  close(address: string): Promise<void> {
    return this.#tell({ command: 'close', address });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #tell(message: object): Promise<void> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (error) => (error === undefined ? resolve() : reject(new Error(error))));
      this.#worker.postMessage({ id, ...message });
    });
  }
}
