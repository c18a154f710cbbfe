import type { KubernetesObject } from '@berth/manifests';
import type { Connection } from './connection';
import { Discovery, versionPath } from './discovery';
import { ApiError } from './errors';
import { inClusterConnection, readKubeconfig, type KubeconfigContext } from './kubeconfig';
import {
  referenceOf,
  type ListQuery,
  type LiveObject,
  type ObjectList,
  type ObjectReference,
} from './object';
import { applyType } from './patience';
import { timedLines, type TimedLine } from './timed-lines';
import { Transport, type Request } from './transport';
import { Watch, type WatchOptions } from './watch';

export interface ApplyOptions {
  fieldManager: string;
  /** Takes fields from other managers. */
  force?: boolean;
  /** The server answers as if it had applied, and changes nothing. */
  dryRun?: boolean;
  /** For example `status` or `scale`. */
  subresource?: string;
  /** Told of what the server takes and does not like: a Pod Security standard that pods would violate, an old API. */
  onWarning?: ((text: string) => void) | undefined;
}

export interface PatchOptions {
  type?: 'merge' | 'strategic' | 'json';
  fieldManager?: string;
  subresource?: string;
  dryRun?: boolean;
}

export interface CreateOptions {
  fieldManager?: string;
  /** The server answers as if it had made it, and refuses fields that it does not know. */
  dryRun?: boolean;
  /** Tried again when its answer was lost: `AlreadyExists` may then be one's own. A dry run always is. */
  repeatable?: boolean;
  /** As of an apply. */
  onWarning?: ((text: string) => void) | undefined;
}

export interface UrgentOptions {
  /**
   * Milliseconds without an answer after which it is given up. It is tried once only, then, and does not wait
   * behind other requests.
   */
  onceWithinMs?: number | undefined;
}

export interface ReplaceOptions extends UrgentOptions {
  fieldManager?: string;
}

export interface DeleteOptions {
  /** `Background` when absent: what it owns goes too, but is not waited for. */
  propagation?: 'Background' | 'Foreground' | 'Orphan';
  /** Only this very object: another one that has taken its name is left alone. */
  uid?: string;
  resourceVersion?: string;
  gracePeriodSeconds?: number;
}

export interface LogOptions {
  container?: string;
  /** Of the container's earlier run. */
  previous?: boolean;
  /** Lines from the end. */
  tail?: number;
}

export interface LogStreamOptions {
  container: string;
  /** Goes on until the container ends. */
  follow?: boolean;
  /** RFC 3339; lines of that second and later ones. */
  sinceTime?: string;
  /** Of the container's earlier run. */
  previous?: boolean;
  /** Lines from the end. */
  tailLines?: number;
  signal?: AbortSignal;
}

/** Objects of one part of a list: a few megabytes. */
const PAGE = 500;

/** Any object of one cluster, by apiVersion and kind. */
export class KubeClient {
  private readonly transport: Transport;
  private readonly discovery: Discovery;

  /** @param sibling whose connections it shares */
  constructor(
    connection: Connection,
    sibling?: KubeClient,
    private readonly stop?: AbortSignal,
  ) {
    this.transport = sibling?.transport ?? new Transport(connection);
    this.discovery = sibling?.discovery ?? new Discovery(this.transport);
  }

  /** The cluster that a kubeconfig's context names. @throws UserError when there is no such context. */
  static from(
    context: KubeconfigContext,
    options: Pick<Connection, 'onRetry' | 'idleMs' | 'patienceMs'> = {},
  ): KubeClient {
    return new KubeClient({ ...readKubeconfig(context), ...options });
  }

  /** The cluster that this process is a pod of. @throws UserError outside a pod. */
  static inCluster(environment: NodeJS.ProcessEnv = process.env): KubeClient {
    return new KubeClient(inClusterConnection(environment));
  }

  /**
   * The same client, which sends nothing any more once the signal is given: nothing new, and nothing again. What is on
   * its way is waited for.
   */
  stoppedBy(signal: AbortSignal): KubeClient {
    const stop = this.stop ? AbortSignal.any([this.stop, signal]) : signal;
    return new KubeClient(this.transport.connection, this, stop);
  }

  /** For messages, for example `context berth-local of deploy/clusters/local/kubeconfig`. */
  get description(): string {
    return this.transport.connection.description;
  }

  /** The start of a kubectl command against the same cluster, for hints. */
  get kubectl(): string {
    return this.transport.connection.kubectl;
  }

  /** The server's clock, to about a second: leases compare times of many machines. */
  now(): Date {
    return this.transport.clock.now();
  }

  /** What the server's clock has reached for certain: of who waits for a time to pass. */
  earliest(): Date {
    return this.transport.clock.earliest();
  }

  /** What the server's clock has not passed for certain. */
  latest(): Date {
    return this.transport.clock.latest();
  }

  /** Undefined when there is no such object, or no such kind. */
  async get(reference: ObjectReference, options: UrgentOptions = {}): Promise<LiveObject | undefined> {
    const path = await this.pathIfKnown(reference, reference.name);
    if (!path) return undefined;
    return absentAsUndefined(this.json<LiveObject>({ method: 'GET', path, ...urgent(options) }));
  }

  /** All objects that match. @throws UserError when the cluster does not have the kind. */
  async list(query: ListQuery): Promise<ObjectList> {
    return (await this.page(query)).list;
  }

  /**
   * The same in parts, all of one moment: of thousands of objects, not more than `limit` are in memory then.
   * @throws ApiError 410 when the server has forgotten that moment before the last part; UserError as `list`
   */
  async *pages(query: ListQuery, limit: number): AsyncGenerator<ObjectList> {
    for (let next: string | undefined = ''; next !== undefined;) {
      const page = await this.page(query, { limit, continue: next || undefined });
      yield page.list;
      next = page.next;
    }
  }

  /** Undefined when the cluster does not have the kind (a CRD that is not there yet). */
  async listIfKnown(query: ListQuery): Promise<ObjectList | undefined> {
    return (await this.discovery.find(query.apiVersion, query.kind)) ? this.list(query) : undefined;
  }

  /** Server-side apply. @throws ConflictError when other managers own what would change. */
  async apply(
    object: KubernetesObject,
    { fieldManager, force, dryRun, subresource, onWarning }: ApplyOptions,
  ): Promise<LiveObject> {
    const path = await this.path(referenceOf(object), object.metadata.name);
    return this.json<LiveObject>({
      method: 'PATCH',
      path: path + (subresource ? `/${subresource}` : ''),
      query: {
        fieldManager,
        force: force ? true : undefined,
        dryRun: dryRun ? 'All' : undefined,
        // An apply takes no field that it does not know, whatever is said here. `Strict` has it read all a second time, for
        // a field that is written twice: this JSON has none.
        fieldValidation: 'Ignore',
      },
      contentType: applyType,
      body: object,
      onWarning,
    });
  }

  /** @throws ApiError with reason `AlreadyExists`. */
  async create(
    object: KubernetesObject,
    { fieldManager, dryRun = false, repeatable = dryRun, onWarning }: CreateOptions = {},
  ): Promise<LiveObject> {
    const path = await this.path(referenceOf(object));
    return this.json<LiveObject>({
      method: 'POST',
      path,
      query: { fieldManager, ...(dryRun ? { dryRun: 'All', fieldValidation: 'Strict' } : {}) },
      body: object,
      repeatable,
      onWarning,
    });
  }

  /** Replaces the whole object; with a resourceVersion in it only that version. @throws ApiError with reason `Conflict`. */
  async replace(
    object: KubernetesObject,
    { fieldManager, onceWithinMs }: ReplaceOptions = {},
  ): Promise<LiveObject> {
    const path = await this.path(referenceOf(object), object.metadata.name);
    return this.json<LiveObject>({
      method: 'PUT',
      path,
      query: { fieldManager },
      body: object,
      ...urgent({ onceWithinMs }),
    });
  }

  async patch(reference: ObjectReference, patch: unknown, options: PatchOptions = {}): Promise<LiveObject> {
    const { type = 'merge', fieldManager, subresource, dryRun } = options;
    const path = await this.path(reference, reference.name);
    const { metadata } = (patch ?? {}) as { metadata?: { resourceVersion?: string } };
    return this.json<LiveObject>({
      method: 'PATCH',
      // What it sets it sets twice as well as once, unless it is a list of steps, or for one version only.
      repeatable: type !== 'json' && metadata?.resourceVersion === undefined,
      path: path + (subresource ? `/${subresource}` : ''),
      query: { fieldManager, dryRun: dryRun ? 'All' : undefined },
      contentType: `application/${type === 'strategic' ? 'strategic-merge' : type === 'json' ? 'json' : 'merge'}-patch+json`,
      body: patch,
    });
  }

  /** Asks for an object's end; whether there was one. */
  async delete(reference: ObjectReference, options: DeleteOptions = {}): Promise<boolean> {
    const { propagation = 'Background', uid, resourceVersion, gracePeriodSeconds } = options;
    const path = await this.pathIfKnown(reference, reference.name);
    if (!path) return false;
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: propagation,
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      ...(uid || resourceVersion ? { preconditions: { uid, resourceVersion } } : {}),
    };
    const repeatable = uid !== undefined || resourceVersion !== undefined;
    try {
      await this.json({ method: 'DELETE', path, body, repeatable });
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) return false;
      if (error.status !== 409 || resourceVersion !== undefined) throw error;
      const live = await this.get(reference);
      const isOurs = live && (uid === undefined || live.metadata.uid === uid);
      if (isOurs && !live.metadata.deletionTimestamp) throw error;
      // It is on its way already, by a try whose answer was lost perhaps; or another has taken its name since.
      return isOurs === true;
    }
  }

  /** The namespace's events, oldest first. */
  async events(namespace: string): Promise<LiveObject[]> {
    const { items } = await this.list({ apiVersion: 'v1', kind: 'Event', namespace });
    return items.sort((one, other) => eventTime(one) - eventTime(other));
  }

  /** Lines of a container's output; none when it has not run. */
  async logs(
    namespace: string,
    pod: string,
    { container, previous, tail }: LogOptions = {},
  ): Promise<string[]> {
    try {
      const text = await this.text({
        method: 'GET',
        path: `/api/v1/namespaces/${namespace}/pods/${pod}/log`,
        query: { container, previous, tailLines: tail },
        accept: '*/*',
      });
      return text.split('\n').filter((line, index, lines) => line !== '' || index < lines.length - 1);
    } catch (error) {
      // 400: the container is still waiting; 404: the pod is gone.
      if (error instanceof ApiError && (error.status === 400 || error.status === 404)) return [];
      throw error;
    }
  }

  /** Lines of a container's output while they are read, with their times; none when it has not run. */
  async *logStream(
    namespace: string,
    pod: string,
    { signal, ...query }: LogStreamOptions,
  ): AsyncGenerator<TimedLine> {
    let log: AsyncIterable<Buffer>;
    try {
      log = await this.stream({
        method: 'GET',
        path: `/api/v1/namespaces/${namespace}/pods/${pod}/log`,
        query: { ...query, timestamps: true },
        accept: '*/*',
        ...(signal ? { signal } : {}),
        // A program may have nothing to say for days, and a reader may take its time.
        idleMs: 0,
      });
    } catch (error) {
      if (error instanceof ApiError && (error.status === 400 || error.status === 404)) return;
      throw error;
    }
    yield* timedLines(log);
  }

  /**
   * The JSON that a pod answers at one of its ports, asked through the API server: the right to `get` `pods/proxy`.
   * @throws ApiError when it does not answer
   */
  async askPod<Body>(
    namespace: string,
    pod: string,
    { port, path, ...options }: { port: number; path: string } & UrgentOptions,
  ): Promise<Body> {
    return this.json<Body>({
      method: 'GET',
      path: `/api/v1/namespaces/${namespace}/pods/${pod}:${port}/proxy${path}`,
      ...urgent(options),
    });
  }

  /** Keeps the objects that match at hand: a list, then a watch that resumes. */
  watch(query: ListQuery, options: WatchOptions = {}): Watch {
    return new Watch(
      {
        pages: (signal) => {
          const client = this.stoppedBy(signal);
          // Who keeps a part of each object has no room for all of them as they are.
          return options.keep ? client.pages(query, PAGE) : whole(client.list(query));
        },
        stream: async (resourceVersion, timeoutSeconds, signal) =>
          this.stream({
            method: 'GET',
            path: await this.path(query),
            query: {
              watch: true,
              allowWatchBookmarks: true,
              resourceVersion,
              timeoutSeconds,
              labelSelector: query.labelSelector,
              fieldSelector: query.fieldSelector,
            },
            signal,
            // Bookmarks come about once a minute; a connection that is silent for longer is dead.
            idleMs: 150_000,
          }),
      },
      options,
    );
  }

  /** Whether a kind is there, and how it is reached. */
  resource(apiVersion: string, kind: string) {
    return this.discovery.find(apiVersion, kind);
  }

  /** Connects, and asks for a version's kinds, which will be needed soon. What goes wrong is said when they are. */
  foresee(apiVersion: string): void {
    this.discovery.foresee(apiVersion);
  }

  /** The version that the server prefers of a group, for example `apps/v1`. @throws ApiError 404 when it has no such group. */
  async preferredVersion(group: string): Promise<string> {
    const { preferredVersion } = await this.json<{ preferredVersion: { groupVersion: string } }>({
      method: 'GET',
      path: `/apis/${group}`,
    });
    return preferredVersion.groupVersion;
  }

  /** The API server's version, for example `v1.34.4`. */
  async version(): Promise<string> {
    return (await this.json<{ gitVersion: string }>({ method: 'GET', path: '/version' })).gitVersion;
  }

  /** Resolves when the API server says that it serves, its etcd with it. @throws ApiError, UnreachableError */
  async ready(options: UrgentOptions = {}): Promise<void> {
    await this.text({ method: 'GET', path: '/readyz', accept: '*/*', ...urgent(options) });
  }

  /** Closes the kept connections. */
  close(): void {
    this.transport.close();
  }

  /** @param part of the list; the whole when absent */
  private async page(
    { labelSelector, fieldSelector, ...query }: ListQuery,
    part: { limit?: number; continue?: string | undefined } = {},
  ): Promise<{ list: ObjectList; next: string | undefined }> {
    const { items = [], metadata } = await this.json<{
      items?: LiveObject[];
      metadata: { resourceVersion: string; continue?: string };
    }>({
      method: 'GET',
      path: await this.path(query),
      query: { labelSelector, fieldSelector, ...part },
    });
    // A list's items come without these two. They are set, since a copy of each would be one more of thousands.
    const { apiVersion, kind } = query;
    for (const item of items) Object.assign(item, { apiVersion, kind });
    return {
      list: { items, resourceVersion: metadata.resourceVersion },
      next: metadata.continue || undefined,
    };
  }

  private json<Body>(request: Request): Promise<Body> {
    return this.transport.json<Body>({ ...request, stop: this.stop });
  }

  private text(request: Request): Promise<string> {
    return this.transport.text({ ...request, stop: this.stop });
  }

  private stream(request: Request): Promise<AsyncIterable<Buffer>> {
    return this.transport.stream({ ...request, stop: this.stop });
  }

  private async path(
    query: { apiVersion: string; kind: string; namespace?: string },
    name?: string,
  ): Promise<string> {
    const { plural, namespaced } = await this.discovery.resource(query.apiVersion, query.kind);
    const namespace =
      namespaced && query.namespace ? `/namespaces/${encodeURIComponent(query.namespace)}` : '';
    return `${versionPath(query.apiVersion)}${namespace}/${plural}${name ? `/${encodeURIComponent(name)}` : ''}`;
  }

  private async pathIfKnown(query: ObjectReference, name: string): Promise<string | undefined> {
    return (await this.discovery.find(query.apiVersion, query.kind)) ? this.path(query, name) : undefined;
  }
}

async function* whole(list: Promise<ObjectList>): AsyncGenerator<ObjectList> {
  yield await list;
}

function urgent({ onceWithinMs }: UrgentOptions): Partial<Request> {
  return onceWithinMs === undefined ? {} : { once: true, idleMs: onceWithinMs, atOnce: true };
}

async function absentAsUndefined<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Milliseconds since 1970 at which an event last happened. */
export function eventTime(event: LiveObject): number {
  const {
    lastTimestamp,
    eventTime: time,
    series,
  } = event as { lastTimestamp?: string; eventTime?: string; series?: { lastObservedTime?: string } };
  return Date.parse(series?.lastObservedTime ?? lastTimestamp ?? time ?? event.metadata.creationTimestamp);
}
