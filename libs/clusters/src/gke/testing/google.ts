import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkRequest, readDescriptions, type ApiDescription } from './discovery';
import { GoogleProject, RequestError } from './project';

const files = {
  container: 'container/v1/container-api.json',
  compute: 'compute/v1/compute-api.json',
  serviceusage: 'serviceusage/v1/serviceusage-api.json',
  artifactregistry: 'artifactregistry/v1/artifactregistry-api.json',
  cloudresourcemanager: 'cloudresourcemanager/v1/cloudresourcemanager-api.json',
};
type Api = keyof typeof files;

/** What goes wrong with the next request that fits. */
export interface Fault {
  /** Of `METHOD /path`. */
  on: RegExp;
  /** `lost`: the connection breaks before anything is done; `answer lost`: after it. */
  how: 'lost' | 'answer lost' | { status: number; body: object };
  /** How many requests it meets; one when absent. */
  times?: number;
}

/**
 * For tests: Google Cloud with one project. Every request is checked by the description that Google publishes of the
 * API; one that differs is refused and kept in `violations`.
 */
export class FakeGoogle {
  readonly requests: string[] = [];
  readonly violations: string[] = [];
  readonly project = new GoogleProject();
  readonly #faults: Fault[] = [];

  private constructor(
    private readonly server: Server,
    private readonly apis: Record<Api, ApiDescription>,
  ) {}

  static async start(): Promise<FakeGoogle> {
    const apis = await readDescriptions(files);
    const server = createServer();
    const google = new FakeGoogle(server, apis);
    server.on('request', (request, response) => void google.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return google;
  }

  /** What makes gcloud ask here, as somebody who is signed in. @param folder for its own files, and the token's */
  env(folder: string, token: string): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    const overrides = Object.entries(this.apis).map(([name, { servicePath }]) => [
      `CLOUDSDK_API_ENDPOINT_OVERRIDES_${name.toUpperCase()}`,
      `http://127.0.0.1:${port}/${name}/${servicePath}`,
    ]);
    return {
      ...Object.fromEntries(overrides),
      CLOUDSDK_CONFIG: folder,
      CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token,
      CLOUDSDK_CORE_CHECK_GCE_METADATA: 'false',
      CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
      CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
    };
  }

  /** Lets something go wrong. */
  fail(fault: Fault): void {
    this.#faults.push({ ...fault });
  }

  forgetFaults(): void {
    this.#faults.length = 0;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, name = '', ...rest] = url.pathname.split('/');
    const path = decodeURIComponent(`/${rest.join('/')}`);
    const text = await bodyOf(request);
    const line = `${request.method} ${path}`;
    this.requests.push(line);
    const fault = this.#takeFault(line);
    if (fault?.how === 'lost') return void request.socket.destroy();
    if (typeof fault?.how === 'object') return send(response, fault.how.status, fault.how.body);
    try {
      const body = text === '' ? undefined : (JSON.parse(text) as unknown);
      const asked = { method: request.method ?? '', path, query: url.searchParams, body };
      const { id, problems } = checkRequest(this.apis[name as Api], asked);
      if (problems.length > 0 || id === undefined) {
        this.violations.push(...problems.map((problem) => `${line}: ${problem}`));
        throw new RequestError(400, 'INVALID_ARGUMENT', problems.join('; '));
      }
      const answer = this.project.answer({
        ...{ id, path, query: url.searchParams },
        body: (body ?? {}) as Record<string, unknown>,
      });
      if (fault?.how === 'answer lost') return void request.socket.destroy();
      send(response, 200, answer);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      const { code, status, message } = error;
      send(response, code, { error: { code, status, message } });
    }
  }

  #takeFault(line: string): Fault | undefined {
    const index = this.#faults.findIndex(({ on }) => on.test(line));
    const fault = this.#faults[index];
    if (!fault) return undefined;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times <= 0) this.#faults.splice(index, 1);
    return fault;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
