import { once } from 'node:events';
import WebSocket from 'ws';

/** Speaks to a Node that runs with --inspect. */
export class Inspector {
  #last = 0;

  private constructor(private readonly socket: WebSocket) {}

  /** @param port of 127.0.0.1 */
  static async connect(port: number): Promise<Inspector> {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
    const [target] = (await answer.json()) as { webSocketDebuggerUrl: string }[];
    const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
    await once(socket, 'open');
    return new Inspector(socket);
  }

  /** Megabytes of the heap that are in use when all is collected that can be. */
  async heapMegabytes(): Promise<number> {
    await this.#ask('HeapProfiler.collectGarbage');
    const { usedSize } = (await this.#ask('Runtime.getHeapUsage')) as { usedSize: number };
    return usedSize / 2 ** 20;
  }

  close(): void {
    this.socket.terminate();
  }

  #ask(method: string): Promise<unknown> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const take = (data: WebSocket.RawData) => {
        const answer = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: object };
        if (answer.id !== id) return;
        this.socket.off('message', take).off('close', end);
        if (answer.error) reject(new Error(`${method}: ${JSON.stringify(answer.error)}`));
        else resolve(answer.result);
      };
      const end = () => reject(new Error(`${method}: the connection ended`));
      this.socket.on('message', take).on('close', end);
      this.socket.send(JSON.stringify({ id, method }));
    });
  }
}
