/* Only tests use this: a cluster in memory, as much of it as is listed and watched. */
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import {
  ApiError,
  Watch,
  type KubeClient,
  type ListQuery,
  type LiveObject,
  type ObjectList,
  type WatchOptions,
} from '@berth/kube';
import type { Entry } from '../entries';
import type { Kind, ObservedChanges } from './observe';
import { Table, type Failures } from './table';

export class ClusterStandIn {
  /** Nobody answers. */
  isAway = false;
  /** It answers no question, and ends no watch. */
  isHanging = false;
  /** How often each kind was listed. */
  readonly lists: Record<string, number> = {};
  time = new Date('2026-01-02T12:00:00Z');
  readonly #objects = new Map<string, LiveObject>();
  readonly #streams = new Map<PassThrough, string>();
  #version = 1;

  get client(): Pick<KubeClient, 'watch' | 'ready' | 'now'> {
    return {
      now: () => this.time,
      ready: async () => this.#answer(),
      watch: (query, options) => this.#watch(query, options),
    };
  }

  put(...objects: readonly LiveObject[]): void {
    for (const object of objects) {
      const type = this.#objects.has(keyOf(object)) ? 'MODIFIED' : 'ADDED';
      const version = String(++this.#version);
      const stored = { ...object, metadata: { ...object.metadata, resourceVersion: version } };
      this.#objects.set(keyOf(object), stored);
      this.#tell(type, stored);
    }
  }

  delete(...objects: readonly LiveObject[]): void {
    for (const object of objects) {
      this.#objects.delete(keyOf(object));
      const metadata = { ...object.metadata, resourceVersion: String(++this.#version) };
      this.#tell('DELETED', { ...object, metadata });
    }
  }

  /** Ends every watch, as when the API server ends. */
  cut(): void {
    for (const stream of this.#streams.keys()) stream.destroy(new Error('ECONNRESET'));
    this.#streams.clear();
  }

  /** Ends every watch and forgets where it was: only a new list helps. */
  expire(): void {
    for (const stream of this.#streams.keys()) stream.end(line('ERROR', { code: 410, message: 'too old' }));
    this.#streams.clear();
  }

  #watch(query: ListQuery, options: WatchOptions = {}): Watch {
    const { kind } = query;
    return new Watch(
      {
        pages: () => this.#pages(kind),
        stream: async (from) => {
          this.#answer();
          const stream = new PassThrough();
          this.#streams.set(stream, kind);
          for (const object of this.#objects.values())
            if (object.kind === kind && Number(object.metadata.resourceVersion) > Number(from))
              stream.write(line('MODIFIED', object));
          return stream as unknown as IncomingMessage;
        },
      },
      options,
    );
  }

  async *#pages(kind: string): AsyncGenerator<ObjectList> {
    this.#answer();
    this.lists[kind] = (this.lists[kind] ?? 0) + 1;
    const items = [...this.#objects.values()].filter((object) => object.kind === kind);
    yield { items, resourceVersion: String(this.#version) };
  }

  #answer(): void {
    if (this.isHanging) throw new Error('no answer for 3000 ms');
    if (this.isAway) throw new ApiError('etcd is away', 503, 'ServiceUnavailable', []);
  }

  #tell(type: string, object: LiveObject): void {
    for (const [stream, kind] of this.#streams) if (kind === object.kind) stream.write(line(type, object));
  }
}

function keyOf({ kind, metadata }: LiveObject): string {
  return `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

function line(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}

const kinds: Readonly<Record<Kind, string>> = {
  namespaces: 'Namespace',
  deployments: 'Deployment',
  statefulSets: 'StatefulSet',
  daemonSets: 'DaemonSet',
  replicaSets: 'ReplicaSet',
  pods: 'Pod',
  services: 'Service',
  endpointSlices: 'EndpointSlice',
  events: 'Event',
  leases: 'Lease',
};

/** What turns one state of a cluster into another; all of it when there was none before. */
export function changesTo(
  objects: readonly LiveObject[],
  before: readonly LiveObject[] = [],
): ObservedChanges {
  const changesOf = (kind: string) => {
    const [now, old] = [objects, before].map(
      (all) =>
        new Map(
          all
            .filter((object) => object.kind === kind)
            .map((object) => [`${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]),
        ),
    ) as [Map<string, LiveObject>, Map<string, LiveObject>];
    const changes = new Map<string, LiveObject | undefined>();
    for (const key of old.keys()) if (!now.has(key)) changes.set(key, undefined);
    for (const [key, object] of now) if (old.get(key) !== object) changes.set(key, object);
    return changes;
  };
  return Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [name, changesOf(kind)]),
  ) as unknown as ObservedChanges;
}

/** The table of a cluster whose states come one after the other. */
export class FollowedTable extends Table {
  #before: readonly LiveObject[] = [];
  readonly entries = new Map<string, Entry>();

  /** Takes a whole state, of which it is told what is other than before. @returns the keys that it has named */
  follow(objects: readonly LiveObject[], now: Date, failures: Failures = new Map()): string[] {
    const changes = changesTo(objects, this.#before);
    this.#before = objects;
    this.passTime();
    const { set, gone } = this.take(changes, { failures, now }, (_, error) => {
      throw error;
    });
    for (const [key, entry] of set) this.entries.set(key, entry);
    for (const key of gone) this.entries.delete(key);
    return [...set.keys(), ...gone];
  }
}
