import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The network between the SDK and what plays AWS: it goes away in the middle of one operation, after AWS has done it. */
export class Front {
  readonly #server = createServer();
  #isGone = false;

  private constructor() {}

  /** @param last the operation whose answer is lost, for example `ExecuteChangeSet` */
  static async start(behind: string, last: string): Promise<Front> {
    const front = new Front();
    await new Promise<void>((resolve) => front.#server.listen(0, '127.0.0.1', resolve));
    front.#server.on('request', (incoming, response) => {
      void collect(incoming).then((body) => {
        const { method, url = '/', headers } = incoming;
        const forwarded = request(new URL(url, behind), { method, headers }, (answer) => {
          if (front.#isGone || operationOf(incoming, body) === last) front.end();
          else answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers));
        });
        forwarded.on('error', () => response.destroy());
        forwarded.end(body);
      });
    });
    return front;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  end(): void {
    this.#isGone = true;
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** AWS names the operation in a header, or in the form that is sent. */
function operationOf({ headers }: IncomingMessage, body: Buffer): string | undefined {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1);
  return new URLSearchParams(body.toString()).get('Action') ?? undefined;
}

async function collect(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
