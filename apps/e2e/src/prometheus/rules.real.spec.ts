import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner, type Completed } from '@berth/exec';
import { toYaml } from '@berth/manifests';
import { renderDashboard, renderPrometheusFiles, renderRules, type AlertRule } from '@berth/metrics';
import { environmentOf } from '../environment-of';
import { guideConfiguration } from './guide-configuration';
import { promtool } from './programs';
import { scenarios, type Scenario } from './scenarios';

// promtool is built when this machine has not got it yet.
jest.setTimeout(900_000);

const port = { name: 'http', port: 8080, public: true };
const environments = [
  environmentOf('staging', {
    web: { ports: [port], scale: { min: 2, max: 4 }, proxy: { readTimeout: 2 } },
    shop: { ports: [port], proxy: { hosts: ['shop.example.com'] } },
  }),
  environmentOf('admin', { gateway: { ports: [{ name: 'http', port: 8080 }] } }),
];
const alerts = renderRules(environments, 'admin')
  .flatMap(({ rules }) => rules)
  .flatMap((rule) => ('alert' in rule ? [rule] : []));

const folder = mkdtempSync(join(tmpdir(), 'berth-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: object) => writeFileSync(join(folder, name), toYaml([content], name));
const run = async (...args: string[]): Promise<Completed> =>
  new ProcessRunner().run([await promtool(), ...args], { cwd: folder, expect: [0, 1, 3] });

beforeAll(() => {
  for (const { path, content } of renderPrometheusFiles(environments, 'admin'))
    writeFileSync(join(folder, path), content);
});

it('promtool finds nothing wrong with the rules', async () => {
  const { exitCode, stdout, stderr } = await run(
    'check',
    'rules',
    '--lint=all',
    '--lint-fatal',
    'rules.yaml',
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/SUCCESS: \d\d rules found/);
});

it("promtool takes the guide's configuration, with the files beside it", async () => {
  write('prometheus.yaml', guideConfiguration('rule_files'));
  const { exitCode, stdout, stderr } = await run('check', 'config', 'prometheus.yaml');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toContain('SUCCESS');
});

it('promtool takes what Prometheus is told on a Swarm', async () => {
  const gateway = { ports: [{ name: 'metrics', port: 8082 }] };
  const onSwarm = environmentOf('admin', { gateway }, { orchestrator: 'swarm' });
  const { content } = renderPrometheusFiles([onSwarm], 'admin').find(({ path }) => path === 'scrape.yaml')!;
  writeFileSync(join(folder, 'swarm-scrape.yaml'), content);
  write('swarm.yaml', { scrape_config_files: ['swarm-scrape.yaml'] });
  const { exitCode, stdout, stderr } = await run('check', 'config', 'swarm.yaml');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toContain('SUCCESS');
});

it('Prometheus can read every query of the dashboard', async () => {
  const queries = (renderDashboard('').panels ?? []).flatMap((panel) =>
    'targets' in panel ? (panel.targets ?? []).map(({ expr }) => String(expr)) : [],
  );
  expect(queries.length).toBeGreaterThan(10);
  const rules = queries.map((query, index) => ({ record: `query_${index}`, expr: filledIn(query) }));
  write('queries.yaml', { groups: [{ name: 'dashboard', rules }] });
  const { exitCode, stdout, stderr } = await run('check', 'rules', 'queries.yaml');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toContain(`SUCCESS: ${queries.length} rules found`);
  write('queries.yaml', {
    groups: [{ name: 'broken', rules: [{ record: 'broken', expr: `${queries[0]} by` }] }],
  });
  expect((await run('check', 'rules', 'queries.yaml')).exitCode).not.toBe(0);
});

/** As Grafana fills in its variables. */
function filledIn(query: string): string {
  const text = query
    .replaceAll('$environment', 'staging')
    .replaceAll('$service', 'web|shop')
    .replaceAll('$__rate_interval', '1m');
  expect(text).not.toContain('$');
  return text;
}

describe('the alerts', () => {
  it('have a scenario each', () => {
    const tried = new Set(scenarios.map(({ alert }) => alert));
    expect(alerts.map(({ alert }) => alert).filter((alert) => !tried.has(alert))).toEqual([]);
  });

  it('come of what is wrong, say so in words, and do not come of what is well', async () => {
    const tests = scenarios.flatMap((scenario) => [
      test(`${scenario.alert} comes`, scenario, scenario.ill, [expected(scenario)]),
      test(`${scenario.alert} does not come`, scenario, scenario.well, []),
    ]);
    write('tests.yaml', { rule_files: ['rules.yaml'], evaluation_interval: '1m', tests });
    const { exitCode, stdout, stderr } = await run('test', 'rules', 'tests.yaml');
    expect(stdout + stderr).toContain('SUCCESS');
    expect(exitCode).toBe(0);
  });
});

function test(name: string, { alert, at }: Scenario, series: Scenario['ill'], exp_alerts: object[]): object {
  return {
    name,
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [{ alertname: alert, eval_time: at, exp_alerts }],
  };
}

function expected({ alert, labels, summary }: Scenario): object {
  const { description } = alerts.find((rule): rule is AlertRule => rule.alert === alert)!.annotations;
  const told = description.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label]!);
  return { exp_labels: labels, exp_annotations: { summary, description: told } };
}
