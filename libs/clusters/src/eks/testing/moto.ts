import { createServer as createHttpServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Moto } from '@berth/exec/src/testing-moto';

/** What goes wrong with requests that fit; moto itself refuses nothing for want of rights, credentials or quota. */
export interface AwsFault {
  /** Of `METHOD /path`, and for services that have no paths of `Action`. */
  on: RegExp;
  how: 'lost' | 'answer lost' | { status: number; type: string; message: string };
  times?: number;
}

/** A way to moto on which requests are counted, and can go wrong. */
export class AwsGate {
  readonly requests: string[] = [];
  #faults: AwsFault[] = [];
  /** Called before a stack is deleted. */
  beforeDeletion: () => Promise<void> = async () => undefined;

  private constructor(
    private readonly server: Server,
    private readonly moto: Moto,
  ) {}

  static async open(moto: Moto): Promise<AwsGate> {
    const server = createHttpServer();
    const gate = new AwsGate(server, moto);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const body = Buffer.concat(chunks);
        const action = /(?:^|&)Action=(\w+)/.exec(body.toString('latin1'))?.[1] ?? '';
        const line = `${request.method} ${request.url} ${action}`.trim();
        gate.requests.push(line);
        const fault = gate.#take(line);
        if (fault?.how === 'lost') return void request.socket.destroy();
        if (typeof fault?.how === 'object') {
          const { status, type, message } = fault.how;
          const isQuery = action !== '';
          const text = isQuery
            ? `<Response><Errors><Error><Code>${type}</Code><Message>${message}</Message></Error></Errors></Response>`
            : JSON.stringify({ __type: type, message });
          response.writeHead(status, {
            'content-type': isQuery ? 'text/xml' : 'application/json',
            'x-amzn-errortype': type,
          });
          return void response.end(text);
        }
        if (action === 'DeleteStack') await gate.beforeDeletion();
        const on = httpRequest(
          `${moto.endpoint}${request.url}`,
          { method: request.method, headers: request.headers },
          (answer) => {
            if (fault?.how === 'answer lost') {
              answer.resume();
              return void answer.on('end', () => request.socket.destroy());
            }
            response.writeHead(answer.statusCode ?? 500, answer.headers);
            answer.pipe(response);
          },
        );
        on.on('error', () => request.socket.destroy());
        on.end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  fail(fault: AwsFault): void {
    this.#faults.push({ ...fault });
  }

  forgetFaults(): void {
    this.#faults = [];
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    await this.moto.stop();
  }

  #take(line: string): AwsFault | undefined {
    const fault = this.#faults.find(({ on }) => on.test(line));
    if (!fault) return undefined;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times <= 0) this.#faults = this.#faults.filter((one) => one !== fault);
    return fault;
  }
}
