/* Only tests use this: what nginx does at its admin socket, in a few lines. */
import { chmodSync } from 'node:fs';
import http from 'node:http';
import type { Route } from '@berth/routes';
import type { Certificate, CertificateSet } from './certificate';

interface Body {
  from?: number;
  generation: number;
  routes?: Record<string, Route>;
  set?: Record<string, Route>;
  remove?: string[];
}

export class StandInNginx {
  generation = 0;
  routes: Record<string, Route> = {};
  certificateGeneration = 0;
  certificates: readonly Certificate[] = [];
  /** Every PUT and PATCH of the table that was taken or refused. */
  readonly requests: { method: string; body: Body; status: number }[] = [];
  /** Answers wait for it, when it is set. */
  gate: Promise<void> | undefined;
  /** Ends the connection in place of the next answer to a PUT or PATCH, which is carried out all the same. */
  losesNextAnswer = false;
  #server: http.Server | undefined;

  constructor(readonly socketPath: string) {}

  async listen(): Promise<void> {
    const server = http.createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(this.socketPath, resolve));
    chmodSync(this.socketPath, 0o600);
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  /** As after a restart without a snapshot. */
  forget(): void {
    this.generation = 0;
    this.routes = {};
    this.certificateGeneration = 0;
    this.certificates = [];
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === '/certificates') {
      if (request.method === 'PUT') this.#takeCertificates(JSON.parse(Buffer.concat(chunks).toString()));
      return void response.end(JSON.stringify({ generation: this.certificateGeneration }));
    }
    if (request.method !== 'GET') {
      const status = this.#take(request.method!, JSON.parse(Buffer.concat(chunks).toString()) as Body);
      await this.gate;
      if (this.losesNextAnswer) {
        this.losesNextAnswer = false;
        request.socket.destroy();
        return;
      }
      response.statusCode = status;
    }
    const { generation } = this;
    const held = response.statusCode === 409 ? {} : { routes: Object.keys(this.routes).length };
    response.end(JSON.stringify({ generation, ...held }));
  }

  #takeCertificates({ generation, certificates }: CertificateSet): void {
    if (generation <= this.certificateGeneration) return;
    this.certificateGeneration = generation;
    this.certificates = certificates;
  }

  #take(method: string, body: Body): number {
    const isOther = method === 'PATCH' && body.from !== this.generation;
    const status = isOther || body.generation <= this.generation ? 409 : 200;
    this.requests.push({ method, body, status });
    if (status === 409) return status;
    this.generation = body.generation;
    if (method === 'PUT') this.routes = body.routes!;
    else {
      this.routes = { ...this.routes, ...body.set };
      for (const host of body.remove!) delete this.routes[host];
    }
    return status;
  }
}
