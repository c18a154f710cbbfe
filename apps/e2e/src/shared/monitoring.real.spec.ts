import { readFileSync } from 'node:fs';
import { deploy } from '@berth/deploy';
import type { LiveObject } from '@berth/kube';
import type { KubernetesObject } from '@berth/manifests';
import { kubernetesOrchestrator } from '@berth/orchestrators';
import type { Locator, Page } from 'playwright-core';
import { request } from 'undici';
import { until } from '@berth/exec/src/testing-until';
import { openPage, type OpenPage } from '@berth/workbench/src/browser';
import { apiServer, localCluster } from '../cluster';
import { gatewayPort } from '../gateway';
import { referenceEnvironment } from '../reference-environment';

jest.setTimeout(120_000);

const client = localCluster();
const target = kubernetesOrchestrator(client, { holder: 'e2e@test' });
const namespace = `berth-test-monitoring-${process.pid}`;
const commit = '0123456789abcdef0123456789abcdef01234567';
let opened: OpenPage;
let page: Page;
let objects: KubernetesObject[];

function deployNow(): Promise<unknown> {
  return deploy(target, {
    environment: namespace,
    render: () => objects,
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: {},
    author: 'e2e@test',
    commit,
  });
}

beforeAll(async () => {
  const port = await gatewayPort(client);
  opened = await openPage(`http://monitoring-admin.localhost${port === 80 ? '' : `:${port}`}/`);
  page = opened.page;
});
afterAll(async () => {
  await opened?.close();
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  client.close();
});

const tile = (environment: string, service: string): Locator =>
  page.getByTestId(`service-${environment}-${service}`);
const own = (): Locator => tile(namespace, 'reference');
const untilIs = (state: string, timeout: number): Promise<void> =>
  own().locator('.state', { hasText: state }).waitFor({ timeout });

/** In `recordedStates` of the page, what the service's cell says now, and from now on each time that it says something else. */
async function recordStates(): Promise<void> {
  await page.evaluate(`{
    const cell = document.querySelector('[data-testid="service-${namespace}-reference"]');
    const textOf = (selector) => cell.querySelector(selector).textContent;
    const stateNow = () => textOf('.state') + ', ' + textOf('.figure span');
    globalThis.recordedStates = [stateNow()];
    // The latency of a probe changes the cell too.
    new MutationObserver(() => {
      if (recordedStates.at(-1) !== stateNow()) recordedStates.push(stateNow());
    }).observe(cell, { subtree: true, childList: true, characterData: true, attributes: true });
  }`);
}

/** Of the service. */
async function listed(apiVersion: string, kind: string): Promise<LiveObject[]> {
  const labelSelector = 'app.kubernetes.io/name=reference';
  return (await client.list({ apiVersion, kind, namespace, labelSelector })).items;
}

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong, with the element. @param rules all when absent */
async function violations(...rules: string[]): Promise<string[]> {
  // As the browser's own tools do: the page lets in no script but its own.
  if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(axe);
  const options = JSON.stringify(rules.length > 0 ? { runOnly: rules } : {});
  const { violations: found } = (await page.evaluate(`axe.run(${options})`)) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

describe('the page of monitoring, in a browser through the gateway', () => {
  it('shows the services of admin and staging', async () => {
    for (const [environment, service] of [
      ['admin', 'gateway'],
      ['admin', 'monitoring'],
      ['admin', 'log-reader'],
      ['staging', 'web'],
      ['staging', 'store'],
    ] as const)
      await tile(environment, service).getByText('healthy').waitFor({ timeout: 30_000 });
    expect(await page.getByTestId('connection').textContent()).toBe('live');
    const address = tile('staging', 'web').getByRole('link');
    expect(await address.getAttribute('href')).toMatch(/^http:\/\/web-staging\.localhost(:\d+)?\/$/);
  });

  it('shows an environment that is deployed, by whom and of which commit, without a reload', async () => {
    objects = await referenceEnvironment(client, namespace);
    await deployNow();
    await untilIs('healthy', 10_000);
    const section = page.getByTestId(`environment-${namespace}`);
    await section.getByText('deploy 1 of 0123456789 by e2e@test succeeded').waitFor({ timeout: 5_000 });
  });

  it('says what differs between two environments, at an address that survives a reload', async () => {
    await page.getByRole('link', { name: 'Compare two' }).focus();
    await page.keyboard.press('Enter');
    const comparison = page.getByTestId('comparison');
    await comparison.getByLabel('between the environment').selectOption(namespace);
    await comparison.getByLabel('and the environment').selectOption('staging');
    const store = comparison.getByRole('row', { name: 'store runs as not there StatefulSet' });
    await store.waitFor({ timeout: 5_000 });
    await comparison.getByRole('row', { name: `commit of the last deploy ${commit}` }).waitFor();
    // It runs the image that staging runs.
    expect(await comparison.getByRole('row', { name: 'reference image' }).count()).toBe(0);
    expect(await violations()).toEqual([]);
    await page.reload();
    await store.waitFor({ timeout: 5_000 });
    await comparison.getByRole('link', { name: 'Close' }).click();
    await comparison.waitFor({ state: 'detached' });
  });

  it('says since when its data is old while the API server hangs, shows it still, and goes on by itself', async () => {
    await page.evaluate('globalThis.isTheSamePage = true');
    const { pid } = apiServer()!;
    const stoppedAt = Date.now();
    // Stopped, it answers nobody and closes no connection. Should this test be killed, the kubelet replaces it.
    process.kill(pid, 'SIGSTOP');
    try {
      const notice = page.getByRole('alert').filter({ hasText: 'The API server is not heard since' });
      await notice.waitFor({ timeout: 20_000 });
      const [since] = /\d\d:\d\d:\d\d/.exec((await notice.textContent()) ?? '') ?? [];
      // It was heard a moment before, and not after.
      const seconds = Array.from({ length: 10 }, (_, ago) => new Date(stoppedAt - ago * 1000));
      expect(seconds.map((time) => time.toLocaleTimeString('en-GB'))).toContain(since);
      expect(await page.getByTestId('connection').textContent()).toBe('not live');
      await untilIs('healthy', 1_000);
      await tile('staging', 'web').getByText('healthy').waitFor({ timeout: 1_000 });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await page.locator('.connection.live').waitFor({ timeout: 30_000 });
    expect(await page.getByTestId('stale').textContent()).toBe('');
    // All others need it, too.
    await until(
      () => client.ready().then(() => undefined, String),
      (failure) => failure === undefined,
      30_000,
    );
  });

  it('turns when a pod is killed, and back when another one runs, on the page that was there before', async () => {
    const [pod] = await listed('v1', 'Pod');
    await recordStates();
    const { name } = pod!.metadata;
    await client.delete({ apiVersion: 'v1', kind: 'Pod', namespace, name }, { gracePeriodSeconds: 0 });
    await untilIs('progressing', 10_000);
    await untilIs('healthy', 60_000);
    const states = (await page.evaluate('recordedStates')) as string[];
    const healthy = '✓ healthy, 1 of 1 ready';
    expect([states[0], states.at(-1)]).toEqual([healthy, healthy]);
    const between = states.slice(1, -1);
    expect(between).toContain('… progressing, 0 of 1 ready');
    expect(between.filter((state) => !state.includes('progressing'))).toEqual([]);
    expect(await page.evaluate('isTheSamePage')).toBe(true);
  });

  it('shows earlier deploys with what brings them back, and lines without the secrets in them', async () => {
    const annotations = { ...objects[0]!.metadata.annotations, 'berth.dev/ttl': '10d' };
    objects = [{ ...objects[0]!, metadata: { ...objects[0]!.metadata, annotations } }, ...objects.slice(1)];
    await deployNow();
    await client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'berth-secrets', namespace },
      // What the service says when it starts.
      stringData: { PASSWORD: 'Server listening' },
    });
    await own().getByRole('button', { name: 'reference' }).click();
    const dialog = page.getByTestId('details');
    await dialog.getByText(`nx rollback ${namespace} --to=1`).waitFor({ timeout: 5_000 });
    await dialog.getByText('Deploy 2 of 0123456789 by e2e@test succeeded').waitFor();
    await dialog.getByRole('button', { name: 'Read them' }).click();
    await dialog
      .getByRole('region', { name: 'reference of reference-' })
      .getByText('"*** at http://')
      .first()
      .waitFor({ timeout: 5_000 });
    expect(await dialog.textContent()).not.toContain('Server listening');
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('says why a new version does not run, and what to type, to who has only a keyboard', async () => {
    const before = [...(await listed('apps/v1', 'ReplicaSet')), ...(await listed('v1', 'Pod'))];
    const image = 'localhost:5000/berth/reference:not-there';
    await client.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'reference' },
      { spec: { template: { spec: { containers: [{ name: 'reference', image }] } } } },
      { type: 'strategic' },
    );
    // The version before would go on answering, its pod also while it ends.
    for (const { apiVersion, kind, metadata } of before)
      await client.delete({ apiVersion, kind, namespace, name: metadata.name }, { gracePeriodSeconds: 0 });
    await untilIs('hopeless', 30_000);
    await own()
      .getByText(/not found/)
      .waitFor({ timeout: 5_000 });

    await own().getByRole('button', { name: 'reference' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByTestId('details');
    await dialog
      .getByRole('table')
      .getByText('ImagePullBackOff')
      .or(dialog.getByText('ErrImagePull'))
      .first()
      .waitFor();
    await dialog.getByText(`nx restart ${namespace} --service=reference`).waitFor();
    await dialog.getByText('Failed Pod/').first().waitFor();
    expect(await dialog.getByText(commit).count()).toBe(1);
    await dialog
      .getByRole('img', { name: new RegExp(`^Latency of http://reference.${namespace}. Since `) })
      .locator('canvas')
      .waitFor();
    await dialog.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    await dialog.getByRole('columnheader', { name: '95 of 100' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('says apart from that that nobody answers there', async () => {
    await own()
      .getByText(`http://reference.${namespace} fails: connection refused`)
      .waitFor({ timeout: 20_000 });
  });

  it('has nothing that axe finds wrong, in the light, in the dark and on a phone', async () => {
    expect(await violations()).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations('color-contrast')).toEqual([]);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await violations('target-size', 'scrollable-region-focusable')).toEqual([]);
    const tooWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
    expect(await page.evaluate(tooWide)).toBe(false);
  });

  it('had no error in the browser, and took nothing from elsewhere', () => {
    expect(opened.errors).toEqual([]);
  });
});

it('asks for the token where it is not asked for by a host of localhost', async () => {
  const service = await client.get({
    apiVersion: 'v1',
    kind: 'Service',
    namespace: 'admin',
    name: 'monitoring',
  });
  const { clusterIP } = service!['spec'] as { clusterIP: string };
  const secret = await client.get({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: 'admin',
    name: 'berth-secrets',
  });
  const { MONITORING_TOKEN: encoded = '' } = secret!['data'] as Record<string, string>;
  const token = Buffer.from(encoded, 'base64').toString();
  const ask = async (headers: Record<string, string>) => {
    const { statusCode, body } = await request(`http://${clusterIP}/api/details`, { headers });
    await body.dump();
    return statusCode;
  };
  expect(await ask({})).toBe(401);
  expect(await ask({ authorization: 'Bearer of nothing at all' })).toBe(401);
  // There is no such service; but who has the token is told so.
  expect(await ask({ authorization: `Bearer ${token}` })).toBe(404);
});

it('knows what the gateway says where it has no route', async () => {
  const answer = await request(`http://127.0.0.1:${await gatewayPort(client)}/`, {
    headers: { host: 'nothing.localhost' },
  });
  // A probe takes these words for a failure: noRouteText in apps/monitoring/src/server/probes/ask.ts.
  expect([answer.statusCode, await answer.body.text()]).toEqual([404, 'No service has this host.\n']);
});
