import { UserError } from '@berth/model';
import type { ManifestObject } from '@berth/manifests';
import { keyOf, nameOf, referenceOf, type Change, type ObjectReference } from './change';
import {
  LeaseHeldError,
  type ApplyOptions,
  type DeployTarget,
  type HealthOptions,
  type Lease,
  type Observation,
} from './orchestrator';
import { plan } from './plan';
import type { ObjectKinds } from './object-kinds';
import type { DeployRecord, NewRecord } from './record';

/** Kinds as the orchestrator in memory has them. */
export const worldKinds: ObjectKinds = {
  first: ['Namespace', 'CustomResourceDefinition'],
  foundation: new Set(['ConfigMap', 'Secret']),
  workloads: new Set(['Deployment', 'StatefulSet']),
  kept: new Set(['/Namespace', '/PersistentVolumeClaim', 'apiextensions.k8s.io/CustomResourceDefinition']),
  immutable: { 'apps/Deployment': /^spec\.selector\b/ },
  images: ({ spec }) => ((spec ?? {}) as { images?: string[] }).images ?? [],
};

/** An orchestrator in memory. It can be killed before any of its effects, as kill -9 does a deploy. */
export class World implements DeployTarget {
  readonly name = 'kubernetes';
  readonly kinds = worldKinds;
  exists = false;
  readonly objects = new Map<string, ManifestObject>();
  readonly inventory = new Map<string, ObjectReference>();
  readonly written: (NewRecord & { number: number })[] = [];
  /** What was done, in order: `apply deployment/web`, `prune deployment/old`, `record`. */
  readonly effects: string[] = [];
  holder: string | undefined;
  readonly lost = new AbortController();
  /** What the preflight finds. */
  found: string[] = [];
  /** What the orchestrator refuses of each object that would change. */
  refusal: string | undefined;
  /** Names of workloads, and images, that cannot run. */
  readonly sick = new Set<string>();
  /** Why an apply is refused before its first write. */
  refused: UserError | undefined;
  /** The number of the effect before which the deploy is killed. */
  diesAt = Infinity;
  private dead = false;

  /** A new process, after the lease of the dead one has expired. */
  revive(): void {
    this.dead = false;
    this.diesAt = Infinity;
    this.holder = undefined;
  }

  async observe(): Promise<Observation> {
    return { exists: this.exists, live: [...this.objects.values()], inventory: [...this.inventory.values()] };
  }

  async plan(_environment: string, desired: readonly ManifestObject[], { live, inventory }: Observation) {
    const { refusal } = this;
    return plan(desired, live, inventory, this.kinds).map((change) =>
      refusal && change.action !== 'same' ? { ...change, refusals: [refusal] } : change,
    );
  }

  async problems(): Promise<string[]> {
    return [...this.found];
  }

  async prepare(): Promise<void> {
    this.effect('prepare');
    this.exists = true;
  }

  async acquire(environment: string, holder: string): Promise<Lease> {
    this.effect('acquire');
    if (this.holder)
      throw new LeaseHeldError(`${environment} is being deployed by ${this.holder}`, this.holder);
    this.holder = holder;
    return {
      lost: this.lost.signal,
      release: async () => {
        this.effect('release');
        this.holder = undefined;
      },
    };
  }

  async apply(
    _environment: string,
    waves: readonly (readonly Change[])[],
    options: ApplyOptions,
  ): Promise<void> {
    if (this.refused) throw this.refused;
    options.onWriting?.();
    for (const { object, desired } of waves.flat()) {
      options.signal?.throwIfAborted();
      this.effect(`apply ${nameOf(object)}`);
      if (!desired) continue;
      this.objects.set(keyOf(object), desired);
      this.inventory.set(keyOf(object), object);
    }
  }

  async watch(
    _environment: string,
    desired: readonly ManifestObject[],
    { signal }: HealthOptions,
  ): Promise<void> {
    signal?.throwIfAborted();
    const sick = desired.find(
      ({ metadata, spec }) =>
        this.sick.has(metadata.name) || this.sick.has((spec as { image?: string } | undefined)?.image ?? ''),
    );
    if (sick) throw new UserError(`${sick.metadata.name} cannot run`);
  }

  async prune(_environment: string, changes: readonly Change[]): Promise<void> {
    for (const { action, object } of changes) {
      if (action !== 'prune') continue;
      this.effect(`prune ${nameOf(object)}`);
      this.objects.delete(keyOf(object));
      this.inventory.delete(keyOf(object));
    }
  }

  async writeRecord(_environment: string, record: NewRecord): Promise<number> {
    this.effect('record');
    this.written.unshift({ ...record, number: this.written.length + 1 });
    return this.written.length;
  }

  async records(): Promise<DeployRecord[]> {
    return this.written;
  }

  async recordedObjects(_environment: string, number: number): Promise<ManifestObject[] | undefined> {
    const record = this.written.find((each) => each.number === number);
    return record && [...record.objects];
  }

  /** Names of everything that is there. */
  names(): string[] {
    return [...this.objects.values()].map((object) => nameOf(referenceOf(object))).sort();
  }

  private effect(what: string): void {
    if (this.effects.length + 1 >= this.diesAt) this.dead = true;
    if (this.dead) throw new Error('killed');
    this.effects.push(what);
  }
}
