import type { KubernetesObject } from '@berth/manifests';
import { ApiError, type KubeClient, type LiveObject, type ObjectReference } from '@berth/kube';

const plurals: Record<string, string> = { NetworkPolicy: 'networkpolicies' };
const clusterKinds = [
  'Namespace',
  'ClusterRole',
  'CustomResourceDefinition',
  'StorageClass',
  'PersistentVolume',
];

/** As much of a KubeClient as plans and preflights ask, over objects in memory. */
export class ClientStandIn {
  readonly kubectl = 'kubectl';
  readonly description = 'context test';
  /** Every request, as `LIST Service in staging`, `LIST Node`, `CREATE Deployment/web`. */
  readonly asked: string[] = [];
  /** Kinds that the cluster does not have. */
  readonly unknown = new Set<string>();
  /** Kinds that may not be read. */
  readonly hidden = new Set<string>();
  /** What answers a dry run of this object; undefined: it is taken as it is. */
  verdict: (object: KubernetesObject, warn: (text: string) => void) => ApiError | undefined = () => undefined;
  /** Whether a right is given, as `create leases`. */
  allows: (right: string) => boolean = () => true;
  /** What the server says when it is asked for all rights at once. */
  rules: { incomplete: boolean; resourceRules: object[] } = { incomplete: false, resourceRules: [] };

  /** Whether somebody else changes each object at the moment at which it is patched. */
  conflicts = false;

  constructor(readonly objects: KubernetesObject[] = []) {}

  get client(): KubeClient {
    return this as unknown as KubeClient;
  }

  now(): Date {
    return new Date();
  }

  earliest = this.now;
  latest = this.now;

  async resource(_apiVersion: string, kind: string) {
    if (this.unknown.has(kind)) return undefined;
    return {
      plural: plurals[kind] ?? `${kind.toLowerCase()}s`,
      namespaced: !clusterKinds.includes(kind),
    };
  }

  async get({ kind, name }: ObjectReference): Promise<LiveObject | undefined> {
    this.read('GET', kind);
    return this.objects.find((object) => object.kind === kind && object.metadata.name === name) as
      LiveObject | undefined;
  }

  async list({ kind, namespace }: { kind: string; namespace?: string }): Promise<{ items: LiveObject[] }> {
    this.read('LIST', kind, namespace);
    const items = this.objects.filter(
      (object) => object.kind === kind && (!namespace || object.metadata.namespace === namespace),
    );
    return { items: items as LiveObject[] };
  }

  async create(
    object: KubernetesObject,
    { onWarning = () => undefined }: { onWarning?: (text: string) => void } = {},
  ): Promise<unknown> {
    this.asked.push(`CREATE ${object.kind}/${object.metadata.name ?? ''}`);
    if (object.kind === 'SelfSubjectRulesReview') return { status: this.rules };
    if (object.kind === 'SelfSubjectAccessReview') {
      const { resourceAttributes } = object.spec as {
        resourceAttributes: Record<'verb' | 'resource', string>;
      };
      return {
        status: { allowed: this.allows(`${resourceAttributes.verb} ${resourceAttributes.resource}`) },
      };
    }
    return this.judge(object, onWarning);
  }

  async apply(
    object: KubernetesObject,
    { onWarning = () => undefined }: { onWarning?: (text: string) => void },
  ): Promise<KubernetesObject> {
    this.asked.push(`APPLY ${object.kind}/${object.metadata.name}`);
    return this.judge(object, onWarning);
  }

  async patch({ kind, name }: ObjectReference): Promise<void> {
    this.asked.push(`PATCH ${kind}/${name}`);
    if (this.conflicts) throw new ApiError(`${name} has been modified`, 409, 'Conflict', []);
  }

  async delete({ kind, name }: ObjectReference): Promise<boolean> {
    this.asked.push(`DELETE ${kind}/${name}`);
    return true;
  }

  private judge(object: KubernetesObject, warn: (text: string) => void): KubernetesObject {
    const error = this.verdict(object, warn);
    if (error) throw error;
    return object;
  }

  private read(verb: string, kind: string, namespace?: string): void {
    this.asked.push(`${verb} ${kind}${namespace ? ` in ${namespace}` : ''}`);
    if (this.hidden.has(kind)) throw new ApiError(`${kind} is forbidden`, 403, 'Forbidden', []);
  }
}
