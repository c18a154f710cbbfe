/** For tests: an answer of Google's that is an error. */
export class RequestError extends Error {
  constructor(
    readonly code: number,
    readonly status: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Asked {
  /** Of the method, for example `container.projects.locations.clusters.create`. */
  id: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

interface Operation {
  name: string;
  operationType: string;
  status: string;
  targetLink: string;
  progress: object;
  error?: object;
  /** Questions until it is done. */
  left: number;
  finish: () => void;
}

type Resource = Record<string, unknown> & { name: string };

/** How often an operation is asked for before it is done. */
const QUESTIONS = 2;

const VERSION = '1.33.5-gke.100';
const zones = ['europe-west1-b', 'europe-west1-c', 'europe-west1-d', 'europe-west3-a', 'us-east1-b'];
const machineTypes = [
  'e2-small',
  'e2-medium',
  'e2-standard-2',
  'e2-standard-4',
  'e2-standard-8',
  'n2-standard-4',
];
const base = 'https://www.googleapis.com/compute/v1/projects/desk-123';

/** For tests: a project of Google Cloud in memory, as far as Berth asks for it. */
export class GoogleProject {
  readonly clusters = new Map<string, Resource>();
  readonly operations: Operation[] = [];
  readonly compute: Record<'disks' | 'forwardingRules' | 'targetPools' | 'addresses', Resource[]> = {
    disks: [],
    forwardingRules: [],
    targetPools: [],
    addresses: [],
  };
  readonly repositories = new Map<string, Resource>();
  readonly readers: string[] = [];
  services = ['compute.googleapis.com', 'container.googleapis.com', 'artifactregistry.googleapis.com'];
  /** Why the next operation fails. */
  failure: string | undefined;

  /** Everything that costs money. */
  get billed(): string[] {
    return [
      ...[...this.clusters.keys()].map((name) => `cluster ${name}`),
      ...Object.entries(this.compute).flatMap(([kind, all]) => all.map(({ name }) => `${kind} ${name}`)),
      ...this.repositories.keys(),
    ];
  }

  /** A volume of a service, and a load balancer of one, as the controllers of GKE make them. */
  addService(cluster: string, location = 'europe-west1-b'): void {
    const region = `${base}/regions/${location.replace(/-[^-]*$/, '')}`;
    const description = '{"kubernetes.io/service-name":"shop/web"}';
    this.compute.disks.push({
      name: `pvc-${cluster}`,
      zone: `${base}/zones/${location}`,
      sizeGb: '10',
      labels: { 'goog-k8s-cluster-name': cluster, 'goog-k8s-cluster-location': location },
    });
    this.compute.targetPools.push({
      name: `a-${cluster}`,
      region,
      instances: [`${base}/zones/${location}/instances/gke-${cluster}-default-pool-1a2b3c4d-wxyz`],
    });
    this.compute.forwardingRules.push({
      name: `a-${cluster}`,
      region,
      IPAddress: `192.0.2.${this.compute.forwardingRules.length + 1}`,
      target: `${region}/targetPools/a-${cluster}`,
      description,
    });
  }

  answer(asked: Asked): object {
    const { id, path, body } = asked;
    const last = path.slice(path.lastIndexOf('/') + 1);
    const location = /\/locations\/([^/]+)/.exec(path)?.[1] ?? '';
    const method = id.replace(/^container\.projects\.locations\./, '');
    switch (method) {
      case 'clusters.get':
        return this.#cluster(last, location);
      case 'clusters.list':
        return { clusters: [...this.clusters.values()] };
      case 'clusters.create':
        return this.#create(body['cluster'] as Resource, location);
      case 'clusters.delete': {
        const cluster = this.#cluster(last, location);
        cluster['status'] = 'STOPPING';
        return this.#operation('DELETE_CLUSTER', last, location, () => this.clusters.delete(last));
      }
      case 'clusters.update':
        return this.#update(last, location, body['update'] as Record<string, unknown>);
      case 'clusters.nodePools.list':
        return { nodePools: this.#cluster(path.split('/')[7] ?? '', location)['nodePools'] };
      case 'clusters.nodePools.setSize': {
        const name = path.split('/')[7] ?? '';
        const cluster = this.#cluster(name, location);
        const finish = () => void (cluster['currentNodeCount'] = body['nodeCount']);
        return this.#operation('SET_NODE_POOL_SIZE', name, location, finish);
      }
      case 'clusters.nodePools.setAutoscaling': {
        const name = path.split('/')[7] ?? '';
        const [pool] = this.#cluster(name, location)['nodePools'] as Resource[];
        if (pool) pool['autoscaling'] = body['autoscaling'];
        return this.#operation('UPDATE_CLUSTER', name, location, () => undefined);
      }
      case 'operations.list':
        return { operations: this.operations.map(shown) };
      case 'operations.get':
        return this.#ask(last);
      default:
        return this.#other(asked, last);
    }
  }

  #cluster(name: string, location: string): Resource {
    if (!zones.includes(location) && !zones.some((zone) => zone.startsWith(`${location}-`)))
      throw new RequestError(400, 'INVALID_ARGUMENT', `Location "${location}" does not exist.`);
    const found = this.clusters.get(name);
    if (found && found['location'] === location) return found;
    throw new RequestError(
      404,
      'NOT_FOUND',
      `Not found: projects/desk-123/locations/${location}/clusters/${name}.`,
    );
  }

  #create(cluster: Resource, location: string): object {
    const { name } = cluster;
    if (this.clusters.has(name)) {
      const message = `Already exists: projects/desk-123/locations/${location}/clusters/${name}.`;
      throw new RequestError(409, 'ALREADY_EXISTS', message);
    }
    const pools = (cluster['nodePools'] ?? []) as Resource[];
    const made: Resource = {
      ...cluster,
      location,
      status: 'PROVISIONING',
      nodePools: pools.map((pool) => ({
        ...pool,
        version: VERSION,
        status: 'RUNNING',
        instanceGroupUrls: [
          `${base}/zones/${location}/instanceGroupManagers/gke-${name}-default-pool-1a2b3c4d-grp`,
        ],
      })),
      currentNodeCount: pools[0]?.['initialNodeCount'] ?? 1,
      currentMasterVersion: VERSION,
      currentNodeVersion: VERSION,
    };
    this.clusters.set(name, made);
    const { failure } = this;
    this.failure = undefined;
    return this.#operation(
      'CREATE_CLUSTER',
      name,
      location,
      () => {
        made['status'] = failure === undefined ? 'RUNNING' : 'ERROR';
        if (failure !== undefined) made['statusMessage'] = failure;
        made['endpoint'] = '203.0.113.7';
        made['masterAuth'] = { clusterCaCertificate: Buffer.from('certificate').toString('base64') };
      },
      failure,
    );
  }

  #update(name: string, location: string, update: Record<string, unknown>): object {
    const cluster = this.#cluster(name, location);
    const [pool] = cluster['nodePools'] as Resource[];
    if (pool && update['desiredNodePoolAutoscaling'])
      pool['autoscaling'] = update['desiredNodePoolAutoscaling'];
    if (update['desiredWorkloadIdentityConfig'])
      cluster['workloadIdentityConfig'] = update['desiredWorkloadIdentityConfig'];
    return this.#operation('UPDATE_CLUSTER', name, location, () => undefined);
  }

  #operation(type: string, cluster: string, location: string, finish: () => void, failure?: string): object {
    const operation: Operation = {
      name: `operation-${this.operations.length + 1}`,
      operationType: type,
      status: 'RUNNING',
      targetLink: `https://container.googleapis.com/v1/projects/123/zones/${location}/clusters/${cluster}`,
      progress: {
        metrics: [
          { name: 'CLUSTER_CONFIGURING', intValue: '3' },
          { name: 'CLUSTER_CONFIGURING_TOTAL', intValue: '17' },
        ],
      },
      left: QUESTIONS,
      finish,
      ...(failure === undefined ? {} : { error: { code: 8, message: failure } }),
    };
    this.operations.push(operation);
    return shown({ ...operation, error: {} });
  }

  #ask(name: string): object {
    const operation = this.operations.find((candidate) => candidate.name === name);
    if (!operation) throw new RequestError(404, 'NOT_FOUND', `Not found: ${name}`);
    operation.left -= 1;
    if (operation.left <= 0 && operation.status !== 'DONE') {
      operation.status = 'DONE';
      operation.finish();
    }
    return shown(operation);
  }

  #other(asked: Asked, last: string): object {
    const { id, body } = asked;
    const [api = '', kind = '', verb = ''] = id.split('.');
    if (api === 'compute') return this.#compute(kind, verb, asked.path, last);
    switch (id) {
      case 'serviceusage.services.list':
        return { services: this.services.map((name) => ({ config: { name }, state: 'ENABLED' })) };
      case 'serviceusage.services.get':
        return { config: { name: last }, state: this.services.includes(last) ? 'ENABLED' : 'DISABLED' };
      case 'serviceusage.services.batchEnable':
        this.services.push(...(body['serviceIds'] as string[]));
        return { name: 'operations/acf.enable', done: true, response: {} };
      case 'serviceusage.services.enable':
        this.services.push(last.replace(/:enable$/, ''));
        return { name: 'operations/acf.enable', done: true, response: {} };
      case 'serviceusage.operations.get':
        return { name: 'operations/acf.enable', done: true, response: {} };
      case 'cloudresourcemanager.projects.get':
        return { projectId: last, projectNumber: '123' };
      default:
        return this.#artifacts(asked, last);
    }
  }

  #artifacts({ id, path, query, body }: Asked, last: string): object {
    const name = path.replace('/v1/', '').replace(/:.*$/, '');
    const done = { name: 'projects/desk-123/locations/europe-west1/operations/artifacts', done: true };
    switch (id.replace('artifactregistry.projects.locations.', '')) {
      case 'repositories.get': {
        const found = this.repositories.get(name);
        if (found) return found;
        throw new RequestError(404, 'NOT_FOUND', `Requested entity was not found: ${last}`);
      }
      case 'repositories.create': {
        const repository = `${name}/${query.get('repositoryId')}`;
        this.repositories.set(repository, { ...body, name: repository });
        return {
          ...done,
          response: { '@type': 'type.googleapis.com/google.devtools.artifactregistry.v1.Repository' },
        };
      }
      case 'repositories.delete':
        this.repositories.delete(name);
        return { ...done, response: { '@type': 'type.googleapis.com/google.protobuf.Empty' } };
      case 'repositories.getIamPolicy':
        return { etag: 'BwX=', version: 1 };
      case 'repositories.setIamPolicy': {
        const { bindings = [] } = body['policy'] as { bindings?: { role: string; members: string[] }[] };
        this.readers.push(
          ...bindings.flatMap(({ role, members }) => members.map((member) => `${role} ${member}`)),
        );
        return body['policy'] as object;
      }
      case 'operations.get':
        return { ...done, response: { '@type': 'type.googleapis.com/google.protobuf.Empty' } };
    }
    throw new RequestError(501, 'UNIMPLEMENTED', `the project of the tests has no ${id}`);
  }

  #compute(kind: string, verb: string, path: string, last: string): object {
    if (kind === 'zones') return { items: zones.map((name) => linked('zones', { name, status: 'UP' })) };
    if (kind === 'machineTypes')
      return {
        items: machineTypes.map((name) =>
          linked('zones/europe-west1-b/machineTypes', { name, zone: 'europe-west1-b' }),
        ),
      };
    if (kind === 'instances') return { items: this.#instances() };
    if (kind.endsWith('perations')) return computeDone(path.replace(/\/operations\/.*/, '/x/x'));
    if (!Object.hasOwn(this.compute, kind)) throw new RequestError(501, 'UNIMPLEMENTED', kind);
    const all = this.compute[kind as keyof typeof this.compute];
    if (verb === 'aggregatedList')
      return {
        items: { 'zones/all': { [kind]: all.map((one) => linked(`zones/europe-west1-b/${kind}`, one)) } },
      };
    if (verb !== 'delete') throw new RequestError(501, 'UNIMPLEMENTED', `${kind} ${verb}`);
    const index = all.findIndex(({ name }) => name === last);
    if (index < 0) throw new RequestError(404, 'NOT_FOUND', `The resource '${last}' was not found`);
    all.splice(index, 1);
    return computeDone(path);
  }

  #instances(): object {
    const items = [...this.clusters.values()].flatMap(({ name, status, currentNodeCount, location }) =>
      status === 'RUNNING'
        ? Array.from({ length: Number(currentNodeCount) }, (_, index) => ({
            name: `gke-${name}-default-pool-1a2b3c4d-${index}`,
            status: 'RUNNING',
            zone: `${base}/zones/${location}`,
            labels: { 'goog-k8s-cluster-name': name },
          })).map((instance) => linked(`zones/${location}/instances`, instance))
        : [],
    );
    return { 'zones/all': { instances: items } };
  }
}

/** The operation that has deleted the resource of a path, as Compute Engine shows it. */
function computeDone(path: string): object {
  const [, kind = '', place = ''] = /\/(zones|regions|global)\/?([^/]*)/.exec(path) ?? [];
  const at = kind === 'global' ? `${base}/global` : `${base}/${kind}/${place}`;
  return {
    ...{ kind: 'compute#operation', id: '1', name: 'operation-1', operationType: 'delete' },
    ...{ status: 'DONE', progress: 100, targetLink: `https://www.googleapis.com${path}` },
    ...(kind === 'zones' ? { zone: at } : kind === 'regions' ? { region: at } : {}),
    selfLink: `${at}/operations/operation-1`,
  };
}

function shown({ left: _left, finish: _finish, error, ...operation }: Operation): object {
  return { ...operation, ...(operation.status === 'DONE' && error ? { error } : {}) };
}

/** As Compute Engine shows a resource; gcloud reads its place from the link. */
function linked<Value extends { name: string }>(
  place: string,
  resource: Value,
): Value & { selfLink: string } {
  return { ...resource, selfLink: `${base}/${place}/${resource.name}` };
}
