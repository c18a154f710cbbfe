import type { Change } from '@berth/deploy';
import type { KubernetesObject } from '@berth/manifests';
import { preflight } from './preflight';
import { ClientStandIn } from './testing-client';

type Fields = Record<string, unknown>;

const inStaging = (kind: string, name: string, fields: Fields = {}, apiVersion = 'v1'): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'staging' },
  ...fields,
});
const web = (container: Fields = {}, spec: Fields = {}): KubernetesObject =>
  inStaging(
    'Deployment',
    'web',
    { spec: { template: { spec: { containers: [{ name: 'web', ...container }] } }, ...spec } },
    'apps/v1',
  );
const change = (desired: KubernetesObject, live?: KubernetesObject): Change => {
  const { apiVersion, kind, metadata } = desired;
  const object = { apiVersion, kind, name: metadata.name, namespace: 'staging' };
  return { action: live ? 'change' : 'create', object, fields: [], desired, ...(live ? { live } : {}) };
};

describe('what would make a deploy fail', () => {
  let cluster: ClientStandIn;
  beforeEach(() => {
    cluster = new ClientStandIn();
  });
  const problems = (changes: Change[], set = changes.flatMap(({ desired }) => desired ?? [])) =>
    preflight(cluster.client, 'staging', set, changes);

  it('is nothing, and nothing is asked, when nothing changes', async () => {
    const same: Change = { ...change(web()), action: 'same' };
    expect(await problems([same])).toEqual([]);
    expect(cluster.asked).toEqual([]);
  });

  it('is told all at once', async () => {
    cluster.allows = (right) => right !== 'create leases' && right !== 'patch deployments';
    cluster.objects.push(quota({ pods: '0' }));
    const container = { env: [{ valueFrom: { secretKeyRef: { name: 'berth-secrets', key: 'TOKEN' } } }] };
    const elsewhere = { ...inStaging('ConfigMap', 'x'), metadata: { name: 'x', namespace: 'prod' } };
    expect(await problems([change(web(container)), change(elsewhere)])).toEqual([
      'configmap/x is for the namespace prod, not for staging.',
      'Secret berth-secrets is missing (its key TOKEN is needed); web needs it. nx secret staging --name=TOKEN',
      'These credentials (context test) may not patch deployments, create leases in staging. See what is allowed: kubectl auth can-i --list -n staging',
      'resourcequota/compute allows pods 0; 0 is used and the deploy needs 1 more. Raise it, or ask for less in service.json.',
    ]);
  });

  describe('rights', () => {
    const rule = (verbs: string[], group: string, resources: string[], more: Fields = {}) => ({
      ...{ verbs, apiGroups: [group], resources, ...more },
    });
    const clusterRole = { ...web(), kind: 'ClusterRole', metadata: { name: 'reader-staging' } };
    const asked = () => cluster.asked.filter((request) => /SelfSubject/.test(request)).length;

    it('are asked for once where the rules of the namespace give them', async () => {
      cluster.rules.resourceRules = [rule(['*'], '*', ['*'])];
      cluster.allows = () => false;
      expect(await problems([change(web())])).toEqual([]);
      expect(asked()).toBe(1);
    });

    it('are asked for one by one where they do not, or not everybody has told his', async () => {
      const all = rule(['*'], '*', ['*']);
      cluster.allows = (right) => right !== 'patch deployments';
      for (const resourceRules of [
        [],
        [rule(['patch'], 'extensions', ['deployments'])],
        [rule(['get'], 'apps', ['deployments'])],
        [rule(['patch'], 'apps', ['deployments/status'])],
        [rule(['patch'], 'apps', ['deployments'], { resourceNames: ['other'] })],
      ]) {
        cluster.rules.resourceRules = resourceRules;
        expect(await problems([change(web())])).toEqual([
          expect.stringContaining('may not patch deployments in staging'),
        ]);
      }
      cluster.rules = { incomplete: true, resourceRules: [all] };
      expect(await problems([change(web())])).toHaveLength(1);
    });

    it('to what is in no namespace do not come of the rules of one', async () => {
      cluster.rules.resourceRules = [rule(['*'], '*', ['*'])];
      cluster.allows = () => false;
      expect(await problems([change(clusterRole)])).toEqual([
        expect.stringContaining('may not create clusterroles, patch clusterroles in staging'),
      ]);
    });
  });

  describe('references', () => {
    const from = (source: Fields) => ({ envFrom: [source] });

    it('are found in every place where pods may name them', async () => {
      const volumes = [
        { secret: { secretName: 'a' } },
        { configMap: { name: 'b' } },
        { projected: { sources: [{ secret: { name: 'c' } }, { configMap: { name: 'd', optional: true } }] } },
      ];
      const pod = { containers: [], initContainers: [from({ secretRef: { name: 'e' } })], volumes };
      const job = inStaging('CronJob', 'nightly', {
        spec: { jobTemplate: { spec: { template: { spec: pod } } } },
      });
      const missing = (await problems([change(job)])).map((problem) => problem.split(';')[0]);
      expect(missing).toEqual(
        ['Secret e', 'Secret a', 'ConfigMap b', 'Secret c'].map((name) => `${name} is missing`),
      );
    });

    it('are there when the cluster or the set has them, with their keys', async () => {
      cluster.objects.push(inStaging('Secret', 'live', { data: { A: '' } }));
      const set = [
        web({
          ...from({ configMapRef: { name: 'own' } }),
          env: ['A', 'B'].map((key) => ({ valueFrom: { secretKeyRef: { name: 'live', key } } })),
        }),
        inStaging('ConfigMap', 'own', { data: {} }),
      ];
      expect(await problems(set.map((object) => change(object)))).toEqual([
        'Secret live has no key B; web needs it. kubectl -n staging edit secret live',
      ]);
    });
  });

  const quota = (hard: Fields, used: Fields = {}, more: Fields = {}) =>
    inStaging('ResourceQuota', 'compute', { spec: { hard, ...more }, status: { used } });
  const asks = (cpu: string, memory = '64Mi') => ({ resources: { requests: { cpu, memory } } });

  describe('a quota', () => {
    it('counts what there will be beyond what is used: more pods, larger ones, and one that a rollout needs first', async () => {
      cluster.objects.push(
        quota({ 'requests.cpu': '1', memory: '1Gi', pods: '5' }, { 'requests.cpu': '600m' }),
      );
      const rolling = { strategy: { rollingUpdate: { maxUnavailable: 0 } } };
      const live = web(asks('100m'), { replicas: 2, ...rolling });
      const to = (cpu: string, replicas: number, spec: Fields = rolling) =>
        problems([change(web(asks(cpu), { replicas, ...spec }), live)]);
      expect(await to('100m', 6)).toEqual([]);
      expect(await to('100m', 7)).toEqual([
        expect.stringContaining('0.6 is used and the deploy needs 0.5 more'),
      ]);
      expect(await to('200m', 2)).toEqual([]);
      expect(await to('201m', 2)).toEqual([
        expect.stringContaining(
          'resourcequota/compute allows requests.cpu 1; 0.6 is used and the deploy needs 0.403',
        ),
      ]);
      expect(await to('201m', 2, { strategy: { type: 'Recreate' } })).toEqual([]);
    });

    it('counts the pods that an autoscaler will at least make', async () => {
      cluster.objects.push(quota({ pods: '3' }));
      const autoscaler = inStaging('HorizontalPodAutoscaler', 'web', {
        spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas: 4 },
      });
      const [problem] = await problems([change(web()), change(autoscaler)]);
      expect(problem).toContain('allows pods 3; 0 is used and the deploy needs 4 more');
    });

    it('counts objects and new volumes, and no volume that is there', async () => {
      cluster.objects.push(
        quota({ 'count/deployments.apps': '0', configmaps: '0', 'requests.storage': '15Gi' }),
        inStaging('PersistentVolumeClaim', 'data-store-0'),
        inStaging('StorageClass', 'local'),
      );
      const template = {
        metadata: { name: 'data' },
        spec: { storageClassName: 'local', resources: { requests: { storage: '10Gi' } } },
      };
      const store = (replicas: number) =>
        change(
          inStaging(
            'StatefulSet',
            'store',
            { spec: { replicas, volumeClaimTemplates: [template] } },
            'apps/v1',
          ),
        );
      const found = await problems([store(3), change(web()), change(inStaging('ConfigMap', 'x'))]);
      expect(found.map((problem) => problem.split(';')[0])).toEqual([
        'resourcequota/compute allows count/deployments.apps 0',
        'resourcequota/compute allows configmaps 0',
        'resourcequota/compute allows requests.storage 15Gi',
      ]);
      expect(found[2]).toContain('the deploy needs 20Gi more');
      expect(await problems([store(2)])).toEqual([]);
    });

    it('with scopes counts the pods that are in all of them, and nothing else', async () => {
      const select = (operator: string, ...values: string[]) => ({
        scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator, values }] },
      });
      const pod = (fields: Fields, container: Fields = {}) => {
        const deployment = web(container);
        const { template } = deployment.spec as { template: { spec: Fields } };
        Object.assign(template.spec, fields);
        return deployment;
      };
      const [plain, frugal] = [pod({}), pod({}, asks('10m'))];
      const [ending, urgent] = [pod({ activeDeadlineSeconds: 60 }), pod({ priorityClassName: 'urgent' })];
      const isCounted = async (wanted: KubernetesObject, scopes: Fields) => {
        const set = [change(wanted), change(quota({ pods: '0', 'count/deployments.apps': '0' }, {}, scopes))];
        const found = await problems(set);
        expect(found.filter((problem) => !problem.includes('allows pods 0'))).toEqual([]);
        return found.length > 0;
      };
      const cases: [KubernetesObject, Fields, boolean][] = [
        [plain, { scopes: ['BestEffort'] }, true],
        [frugal, { scopes: ['BestEffort'] }, false],
        [frugal, { scopes: ['NotBestEffort', 'NotTerminating'] }, true],
        [ending, { scopes: ['Terminating'] }, true],
        [ending, { scopes: ['BestEffort', 'NotTerminating'] }, false],
        [urgent, select('In', 'urgent'), true],
        [plain, select('In', 'urgent'), false],
        [urgent, select('NotIn', 'urgent'), false],
        [plain, select('NotIn', 'urgent'), true],
        [urgent, select('Exists'), true],
        [plain, select('DoesNotExist'), true],
        // Left to the server.
        [plain, { scopes: ['CrossNamespacePodAffinity'] }, false],
      ];
      for (const [wanted, scopes, counted] of cases)
        expect({ scopes, counted: await isCounted(wanted, scopes) }).toEqual({ scopes, counted });
    });

    it('of the set itself counts, and one that may not be read is left to the server', async () => {
      const own = change(quota({ pods: '0' }));
      expect(await problems([change(web()), own])).toHaveLength(1);
      cluster.objects.push(quota({ pods: '0' }));
      cluster.hidden.add('ResourceQuota');
      expect(await problems([change(web())])).toEqual([]);
    });

    it('for a resource wants every container to say how much it asks for, or a LimitRange to say it for all', async () => {
      cluster.objects.push(quota({ 'limits.memory': '1Gi', cpu: '1' }));
      expect(await problems([change(web(asks('10m')))])).toEqual([
        'deployment/web: container web has no limits.memory, and resourcequota/compute wants it.',
      ]);
      cluster.objects.push(
        inStaging('LimitRange', 'usual', {
          spec: { limits: [{ type: 'Container', default: { memory: '2Gi' } }] },
        }),
      );
      expect(await problems([change(web(asks('10m')))])).toEqual([
        expect.stringContaining('allows limits.memory 1Gi; 0 is used and the deploy needs 2Gi more'),
      ]);
    });
  });

  it('is a container beyond what a LimitRange allows', async () => {
    const limits = [
      { type: 'Container', max: { memory: '1Gi' }, min: { cpu: '50m' } },
      { type: 'Pod', max: { memory: '512Mi' } },
    ];
    cluster.objects.push(inStaging('LimitRange', 'usual', { spec: { limits } }));
    const resources = { limits: { memory: '2Gi' }, requests: { cpu: '10m' } };
    expect(await problems([change(web({ resources }))])).toEqual([
      'deployment/web: container web has limits.memory 2Gi, and limitrange/usual wants at most 1Gi.',
      'deployment/web: container web has requests.cpu 0.01, and limitrange/usual wants at least 50m.',
      'deployment/web: a pod has limits.memory 2Gi, and limitrange/usual wants at most 512Mi.',
    ]);
  });

  describe('a host', () => {
    const service = (
      name: string,
      namespace: string,
      created = '2026-01-01T00:00:00Z',
    ): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name,
        namespace,
        creationTimestamp: created,
        labels: { 'berth.dev/public': 'true' },
        annotations: { 'berth.dev/domain': 'localhost', 'berth.dev/public-ports': 'http' },
      } as KubernetesObject['metadata'],
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
    });

    it('that a Service of another namespace has is refused', async () => {
      // web-a in staging and web in a-staging come to one.
      cluster.objects.push(service('web', 'a-staging'));
      expect(await problems([change(service('web-a', 'staging'))])).toEqual([
        'service/web-a asks for the host web-a-staging.localhost, which service/web in a-staging has. Give the service, the port or the environment another name, or the service other proxy.hosts.',
      ]);
      expect(await problems([change(service('web', 'staging'))])).toEqual([]);
    });

    it('that it has had is no matter, and nothing is known where Services may not be read', async () => {
      const own = service('web-a', 'staging');
      cluster.objects.push(own, service('web', 'a-staging'));
      expect(await problems([change(own, own)])).toEqual([]);
      cluster.hidden.add('Service');
      expect(await problems([change(own)])).toEqual([]);
    });
  });
});
