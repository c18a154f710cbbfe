/* Only tests use this: another service, whose requests nothing may hurt. */
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { routeTo, TestEndpoint } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { ask } from './testing-request';
import { until } from './testing-until';

const HOST = 'bystander.localhost';
/** Milliseconds between its requests: a light load that is always there. */
const PAUSE_MS = 10;

/** Is asked all the time, one request after the other. */
export class Bystander {
  requests = 0;
  readonly failures: string[] = [];
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  #asking: Promise<void> = Promise.resolve();
  #stopping = false;

  private constructor(
    private readonly port: number,
    private readonly endpoint: TestEndpoint,
  ) {}

  static async start(gateway: TestGateway): Promise<Bystander> {
    const endpoint = await TestEndpoint.start(gateway.hostAddress, (_, response) => response.end('fine'));
    await gateway.change({ [HOST]: routeTo([endpoint.address]) });
    const bystander = new Bystander(gateway.httpPort, endpoint);
    bystander.#asking = bystander.#ask();
    return bystander;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#asking;
    this.#agent.destroy();
    await this.endpoint.close();
  }

  async #ask(): Promise<void> {
    while (!this.#stopping) {
      const { status, body } = await ask(this.port, HOST, { agent: this.#agent }).catch((error: Error) => ({
        status: 0,
        body: error.message,
      }));
      this.requests++;
      if (status !== 200 || body !== 'fine') this.failures.push(`${status} ${body}`);
      await delay(PAUSE_MS);
    }
  }
}

/** After each test: the other service was asked meanwhile, and every answer was fine. */
export function hurtsNoBystander(bystander: () => Bystander): void {
  let before = 0;
  beforeEach(() => (before = bystander().requests));
  afterEach(async () => {
    // A test may be over before the first answer has come.
    await until(() => bystander().requests > before, Boolean, 20_000);
    expect(bystander().failures.splice(0)).toEqual([]);
  });
}
