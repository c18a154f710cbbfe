import type { KubernetesObject } from '@berth/manifests';
import { NODE_ADDRESS } from '@berth/clusters';
import { until } from '@berth/exec/src/testing-until';
import { renderRules } from '@berth/metrics';
import { localCluster, untilReady } from '../cluster';
import { ask, gatewayPort } from '../gateway';
import { Slack } from './slack';
import { watchingEnvironment } from './watching-environment';

// The programs are built when this machine has not got them yet.
jest.setTimeout(900_000);

const client = localCluster();
const name = `berth-test-alerts-${process.pid}`;
const home = 'admin';
const fieldManager = 'berth-e2e';
let objects: KubernetesObject[];
let slack: Slack;
let port: number;

beforeAll(async () => {
  // Where pods reach this machine.
  slack = await Slack.start(NODE_ADDRESS);
  port = await gatewayPort(client);
  objects = await watchingEnvironment(client, name, { home, slack: slack.url });
  const [namespace, ...others] = objects;
  await client.apply(namespace!, { fieldManager });
  await Promise.all(others.map((object) => client.apply(object, { fieldManager })));
  await untilReady(client, name);
});
afterAll(async () => {
  const ofNoNamespace = (objects ?? []).filter(({ metadata }) => metadata.namespace === undefined);
  for (const { apiVersion, kind, metadata } of ofNoNamespace)
    await client.delete({ apiVersion, kind, name: metadata.name });
  client.close();
  await slack?.close();
});

/** Asks Prometheus, through the gateway that it watches. */
async function prometheus<Data>(path: string): Promise<Data> {
  const { status, body } = await ask(port, `prometheus-${name}.localhost`, `/api/v1/${path}`);
  if (status !== 200) throw new Error(`/api/v1/${path} is answered with ${status}: ${body}`);
  return (JSON.parse(body) as { data: Data }).data;
}

/** What it scrapes by a job, as `<environment> <service> <pod> <port>`, once all of it answers. */
async function targets(
  job: string,
  isWanted: (labels: Record<string, string>) => boolean,
): Promise<string[]> {
  interface Found {
    activeTargets: { health: string; lastError: string; scrapeUrl: string; labels: Record<string, string> }[];
  }
  const found = await until(
    async () =>
      (await prometheus<Found>('targets?state=active')).activeTargets
        .filter(({ labels }) => labels['job'] === job && isWanted(labels))
        .map(({ health, lastError, scrapeUrl, labels: { environment, service, pod } }) => ({
          name: [environment, service, pod, new URL(scrapeUrl).port].join(' '),
          health,
          lastError,
        })),
    (all) => all.length > 0 && all.every(({ health }) => health === 'up'),
    20_000,
  );
  return found.map(({ name }) => name).sort();
}

async function podsOf(namespace: string, service: string): Promise<string[]> {
  const labelSelector = `app.kubernetes.io/name=${service}`;
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  return items.map(({ metadata }) => metadata.name);
}

it('finds both ports of the gateway in every pod, and reads them', async () => {
  const pods = await podsOf(home, 'gateway');
  expect(await targets('berth', ({ service }) => service === 'gateway')).toEqual(
    pods.flatMap((pod) => ['8082', '8083'].map((port) => `${home} gateway ${pod} ${port}`)).sort(),
  );
});

it('finds the port `metrics` of a service, and nothing of the gateway twice', async () => {
  const [pod] = await podsOf(name, 'prometheus');
  const ofOurs = ({ environment }: Record<string, string>) => environment === name || environment === home;
  expect(await targets('berth-services', ofOurs)).toEqual([`${name} prometheus ${pod} 9090`]);
});

it('finds every series of the gateway and of monitoring that the rules ask for', async () => {
  const rules = renderRules([], home).flatMap(({ rules }) => rules);
  const names = rules.flatMap(({ expr }) => expr.match(/\bberth_(?:gateway|monitoring)_\w+/g) ?? []);
  expect(names.length).toBeGreaterThan(10);
  // The gateway was waited for above.
  await targets('berth', ({ service }) => service === 'monitoring');
  const offered = await prometheus<Record<string, unknown>>('metadata');
  const missing = names.filter((name) => !(name.replace(/_bucket$/, '') in offered));
  expect(missing).toEqual([]);
});

it('computes every rule', async () => {
  type Rules = { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
  const rules = await until(
    async () => (await prometheus<Rules>('rules')).groups.flatMap(({ rules }) => rules),
    (found) => found.every(({ health }) => health !== 'unknown'),
    20_000,
  );
  expect(rules.length).toBeGreaterThan(20);
  expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
});

it('tells Slack that a service has no ready pod, and that it has one again', async () => {
  const summary = `reference of ${name} has no ready pod`;
  const scale = (replicas: number) =>
    client.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace: name, name: 'reference' },
      { spec: { replicas } },
    );
  // It has been seen well.
  const query = encodeURIComponent(
    `environment_service:berth_endpoints:min{environment="${name}",service="reference"}`,
  );
  await until(
    async () =>
      (await prometheus<{ result: { value: [number, string] }[] }>(`query?query=${query}`)).result[0]
        ?.value[1],
    (endpoints) => endpoints === '1',
    20_000,
  );
  expect(
    slack.messages.filter(({ attachments }) => attachments.some(({ title }) => title.includes(summary))),
  ).toEqual([]);

  await scale(0);
  expect(await slack.said('firing', summary)).toMatchObject({
    color: 'danger',
    text: expect.stringContaining(`nx status ${name}`),
  });

  await scale(1);
  expect(await slack.said('resolved', summary)).toMatchObject({ color: 'good' });
});
