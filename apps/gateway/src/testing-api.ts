/* Only tests use this: as much of an API server as the controller asks. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

interface Item {
  metadata: { name: string; namespace?: string; uid?: string; resourceVersion?: string };
  [field: string]: unknown;
}

const PLURALS = ['services', 'endpointslices', 'secrets'] as const;
type Plural = (typeof PLURALS)[number];

export class StandInApi {
  readonly items: Record<Plural, Map<string, Item>> = {
    services: new Map(),
    endpointslices: new Map(),
    secrets: new Map(),
  };
  readonly events: {
    metadata: { name: string };
    involvedObject: { kind: string; name: string };
    reason: string;
    message: string;
  }[] = [];
  readonly patches: { path: string; body: unknown }[] = [];
  /** Lists and watches are answered with 500. */
  fails = false;
  /** What lists hold in place of what is there. */
  listsNothing = false;
  readonly lists: string[] = [];
  #version = 1;
  readonly #watches = new Map<http.ServerResponse, { plural: Plural; name: string | undefined }>();
  readonly #server = http.createServer((request, response) => void this.#answer(request, response));

  /** The server's address. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  put(plural: Plural, object: unknown): void {
    const item = structuredClone(object) as Item;
    item.metadata.resourceVersion = String(++this.#version);
    const key = `${item.metadata.namespace}/${item.metadata.name}`;
    const type = this.items[plural].has(key) ? 'MODIFIED' : 'ADDED';
    this.items[plural].set(key, item);
    this.#tell(plural, type, item);
  }

  delete(plural: Plural, key: string): void {
    const item = this.items[plural].get(key);
    if (!item) throw new Error(`there is no ${key}`);
    this.items[plural].delete(key);
    item.metadata.resourceVersion = String(++this.#version);
    this.#tell(plural, 'DELETED', item);
  }

  /** Ends every watch; `expired` says that where it was is forgotten, which brings a new list. */
  cutWatches(expired = false): void {
    for (const [response, { plural }] of this.#watches) {
      if (expired) this.#send(response, { type: 'ERROR', object: { code: 410, message: 'too old', plural } });
      response.end();
    }
    this.#watches.clear();
  }

  #tell(plural: Plural, type: string, object: Item): void {
    for (const [response, watched] of this.#watches) {
      const isAskedFor =
        watched.plural === plural && [undefined, object.metadata.name].includes(watched.name);
      if (isAskedFor) this.#send(response, { type, object });
    }
  }

  #send(response: http.ServerResponse, event: unknown): void {
    response.write(`${JSON.stringify(event)}\n`);
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length ? (JSON.parse(Buffer.concat(chunks).toString()) as unknown) : undefined;
    const url = new URL(request.url!, 'http://api');
    const answer = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (url.pathname === '/api/v1') {
      return answer(200, kinds(['services', 'Service'], ['events', 'Event'], ['secrets', 'Secret']));
    }
    if (url.pathname === '/apis/discovery.k8s.io/v1') {
      return answer(200, kinds(['endpointslices', 'EndpointSlice']));
    }
    if (request.method === 'POST') {
      this.events.push(body as (typeof this.events)[number]);
      return answer(201, body);
    }
    if (request.method === 'PATCH') {
      this.patches.push({ path: url.pathname, body });
      return answer(200, body);
    }
    const plural = PLURALS.find((candidate) => url.pathname.endsWith(`/${candidate}`));
    if (!plural) return answer(404, { message: 'not found' });
    if (url.searchParams.has('watch')) return this.#watch(plural, url, response);
    this.lists.push(plural);
    if (this.fails) return answer(500, { message: 'etcd is away' });
    const items = this.listsNothing ? [] : this.#askedFor(plural, nameIn(url));
    answer(200, { metadata: { resourceVersion: String(this.#version) }, items });
  }

  #askedFor(plural: Plural, name: string | undefined): Item[] {
    return [...this.items[plural].values()].filter(({ metadata }) =>
      [undefined, metadata.name].includes(name),
    );
  }

  #watch(plural: Plural, url: URL, response: http.ServerResponse): void {
    response.writeHead(this.fails ? 500 : 200, { 'content-type': 'application/json' });
    if (this.fails) return void response.end('{"message":"etcd is away"}');
    response.flushHeaders();
    const name = nameIn(url);
    this.#watches.set(response, { plural, name });
    response.on('close', () => this.#watches.delete(response));
    const since = Number(url.searchParams.get('resourceVersion'));
    for (const item of this.#askedFor(plural, name)) {
      if (Number(item.metadata.resourceVersion) > since)
        this.#send(response, { type: 'MODIFIED', object: item });
    }
  }
}

function kinds(...pairs: [name: string, kind: string][]): unknown {
  return { resources: pairs.map(([name, kind]) => ({ name, kind, namespaced: true })) };
}

/** The one object that a list or a watch is about. */
function nameIn(url: URL): string | undefined {
  return /^metadata\.name=(.+)$/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1];
}
