import { renderObjects, toYaml, type KubernetesObject } from '@berth/manifests';
import { renderRules, renderScrapeConfigs, type RuleGroup } from '@berth/metrics';
import type { KubeClient } from '@berth/kube';
import { environmentOf } from '../environment-of';
import { publicReference, stagingImage } from '../reference-environment';
import { guideConfiguration } from './guide-configuration';
import { prometheusImage } from './image';

const configuration = '/etc/prometheus';

const prometheus = {
  // By this name it finds itself, as any service that has something to tell.
  ports: [{ name: 'metrics', port: 9090, public: true }],
  health: { path: '/-/ready' },
  resources: { cpu: '10m', memory: '256Mi' },
  command: [
    '/prometheus',
    `--config.file=${configuration}/prometheus.yaml`,
    '--storage.tsdb.path=/data/metrics',
  ],
  sidecars: [
    {
      name: 'alertmanager',
      command: [
        '/alertmanager',
        `--config.file=${configuration}/alertmanager.yaml`,
        '--storage.path=/data/alerts',
        '--cluster.listen-address=',
      ],
    },
  ],
  writable: ['/data'],
  apiAccess: true,
};

/**
 * An environment of `reference` and of a Prometheus that watches the gateway of `home`, by the files that Berth makes:
 * each alert comes at once, and nothing is asked more seldom than each second.
 * @param slack where Alertmanager sends its messages
 * @returns every object of it, the namespace first
 */
export async function watchingEnvironment(
  client: KubeClient,
  name: string,
  { home, slack }: { home: string; slack: string },
): Promise<KubernetesObject[]> {
  const { environment, services } = environmentOf(name, { reference: publicReference(), prometheus });
  const images = new Map([
    ['reference', await stagingImage(client)],
    ['prometheus', await prometheusImage()],
  ]);
  const objects = renderObjects(environment, services, { registry: 'localhost:5000/berth', images });
  const files = {
    'prometheus.yaml': {
      ...guideConfiguration<object>('rule_files'),
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
    },
    'rules.yaml': { groups: renderRules([{ environment, services }], home).map(atOnce) },
    'scrape.yaml': renderScrapeConfigs(home),
    'alertmanager.yaml': alertmanager(slack),
  };
  const [namespace, ...others] = objects;
  return [namespace!, configMap(name, files), ...rights(name), ...others.map(withConfiguration)];
}

function atOnce({ name, rules }: RuleGroup): RuleGroup {
  return { name, rules: rules.map((rule) => ('alert' in rule ? { ...rule, for: '0s' } : rule)) };
}

/** As the guide has it, but at once, and to another address. */
function alertmanager(slack: string): object {
  const written = guideConfiguration<AlertmanagerConfiguration>('receivers');
  const { api_url_file: _, ...settings } = written.receivers[0]!.slack_configs[0]!;
  return {
    ...written,
    route: { ...written.route, group_wait: '0s', group_interval: '1s' },
    receivers: [{ name: written.route.receiver, slack_configs: [{ ...settings, api_url: slack }] }],
  };
}

interface AlertmanagerConfiguration {
  route: { receiver: string };
  receivers: { slack_configs: { api_url_file: string }[] }[];
}

function configMap(namespace: string, files: Readonly<Record<string, object>>): KubernetesObject {
  const data = Object.entries(files).map(([file, content]) => [file, toYaml([content], file)]);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'prometheus', namespace },
    data: Object.fromEntries(data) as Record<string, string>,
  };
}

/** What its service discovery needs. */
function rights(namespace: string): KubernetesObject[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { name: `prometheus-${namespace}` };
  return [
    {
      apiVersion,
      kind: 'ClusterRole',
      metadata,
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }],
    },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: 'prometheus', namespace }],
    },
  ];
}

interface PodTemplate {
  template: { spec: { containers: { volumeMounts?: object[] }[]; volumes?: object[] } };
}

/** As a patch of the environment would mount it. */
function withConfiguration(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Deployment' || object.metadata.name !== 'prometheus') return object;
  const { template, ...spec } = object['spec'] as PodTemplate;
  const { containers, volumes = [] } = template.spec;
  const mount = { name: 'configuration', mountPath: configuration };
  const pod = {
    ...template.spec,
    containers: containers.map(({ volumeMounts = [], ...container }) => ({
      ...container,
      volumeMounts: [...volumeMounts, mount],
    })),
    volumes: [...volumes, { name: mount.name, configMap: { name: 'prometheus' } }],
  };
  return { ...object, spec: { ...spec, template: { ...template, spec: pod } } };
}
