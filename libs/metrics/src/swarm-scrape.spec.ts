import { parse } from 'yaml';
import { renderPrometheusFiles } from './files';
import type { RuleGroup } from './rule';
import type { ScrapeConfigs } from './scrape';
import { publicPort, testEnvironment } from './testing-environments';

const metrics = (port: number) => ({ name: 'metrics', port });
const swarm = { orchestrator: 'swarm', cluster: 'swarm' };
const environments = [
  testEnvironment(
    'admin',
    {
      gateway: { ports: [{ name: 'http', port: 8080 }, metrics(8082), { name: 'status', port: 8083 }] },
      monitoring: { ports: [publicPort(), metrics(8081)] },
    },
    swarm,
  ),
  testEnvironment(
    'staging',
    {
      web: { ports: [publicPort(), metrics(9100)] },
      shop: { ports: [publicPort(), metrics(9100), { name: 'status', port: 9200 }] },
      pricing: { ports: [metrics(9100)] },
      blotter: { ports: [publicPort()] },
    },
    swarm,
  ),
  testEnvironment('cloud', { web: { ports: [publicPort(), metrics(9100)] } }),
  testEnvironment(
    'elsewhere',
    { web: { ports: [publicPort(), metrics(9100)] } },
    { ...swarm, cluster: 'other' },
  ),
];

interface Job {
  job_name: string;
  honor_labels?: boolean;
  dns_sd_configs: { names: string[]; type: string; port: number }[];
  relabel_configs: { source_labels: string[]; regex: string; target_label: string; replacement: string }[];
}

const files = (given = environments) =>
  new Map(renderPrometheusFiles(given, 'admin').map(({ path, content }) => [path, content]));
const jobs = () => (parse(files().get('scrape.yaml')!) as ScrapeConfigs).scrape_configs as Job[];

describe('what Prometheus is told on a Swarm', () => {
  it('are names that lead to each task of the gateway and of monitoring, at each of their ports', () => {
    expect(jobs()[0]).toMatchObject({
      job_name: 'berth',
      honor_labels: true,
      dns_sd_configs: [
        { names: ['monitoring.admin.berth-admin'], type: 'A', port: 8081 },
        { names: ['gateway.admin.berth-admin'], type: 'A', port: 8082 },
        { names: ['gateway.admin.berth-admin'], type: 'A', port: 8083 },
      ],
    });
  });

  it('are the ports `metrics` of what all environments of the same Swarm reach, and of nothing else', () => {
    const [, services] = jobs();
    expect(services).toMatchObject({
      job_name: 'berth-services',
      dns_sd_configs: [
        { names: ['shop.staging.berth-admin', 'web.staging.berth-admin'], type: 'A', port: 9100 },
      ],
    });
    expect(services).not.toHaveProperty('honor_labels');
  });

  it('say at their top which are not reached', () => {
    expect(files().get('scrape.yaml')).toMatch(
      /^# Generated[^\n]*\n# Without a public port [^\n]*: staging\/pricing\.\n/,
    );
    expect(
      files(environments.filter(({ environment }) => environment.name === 'admin')).get('scrape.yaml'),
    ).toMatch(/^# Generated[^\n]*\nscrape_configs:/);
  });

  it('make of a name and an address the labels that the rules ask for', () => {
    const target: Record<string, string> = {
      __meta_dns_name: 'web.staging.berth-admin',
      __address__: '10.0.1.7:9100',
    };
    for (const { source_labels, regex, target_label, replacement } of jobs()[1]!.relabel_configs) {
      const value = source_labels.map((label) => target[label] ?? '').join(';');
      target[target_label] = value.replace(new RegExp(`^(?:${regex})$`), replacement);
    }
    expect(target).toMatchObject({ environment: 'staging', service: 'web', pod: '10.0.1.7' });
  });

  it('have nothing for an operator of Kubernetes, and another word for a certificate that ends', () => {
    expect([...files().keys()]).toEqual(['dashboard.json', 'rules.yaml', 'scrape.yaml']);
    const { groups } = parse(files().get('rules.yaml')!) as { groups: RuleGroup[] };
    const ends = groups
      .flatMap(({ rules }) => rules)
      .find((rule) => 'alert' in rule && rule.alert === 'BerthCertificateEnds');
    expect(ends).toMatchObject({
      annotations: { description: expect.stringMatching(/file of that name on each node.*nx secret admin$/) },
    });
  });
});
