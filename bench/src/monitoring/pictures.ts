import { join } from 'node:path';
import type { KubeClient } from '@berth/kube';
import { TTL_ANNOTATION } from '@berth/manifests';
import { openPage } from '@berth/workbench/src/browser';
import type { MonitoringServer } from './monitoring-server';

/** What there is to see on the pictures beside what is well. */
const [CRASHING, WAITING] = ['ledger', 'search'];

/** Draws the page as documents show it, light and wide, and dark as a phone has it. @param environment the first that the page shows */
export async function takePictures(
  client: KubeClient,
  { url, headers }: MonitoringServer,
  environment: string,
  folder: string,
): Promise<void> {
  await trouble(client, environment);
  const { page, close } = await openPage(url, { headers });
  try {
    const tile = page.getByTestId(`service-${environment}-${CRASHING}`);
    await tile.getByText('hopeless').waitFor();
    await page.getByTestId(`service-${environment}-${WAITING}`).getByText('progressing').waitFor();
    await page.screenshot({ path: join(folder, 'monitoring.png') });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 760 });
    await page.screenshot({ path: join(folder, 'monitoring-phone.png') });
  } finally {
    await close();
  }
}

/** Has one service crash, and one not be ready; and the environment has an end. */
async function trouble(client: KubeClient, environment: string): Promise<void> {
  await client.patch(
    { apiVersion: 'v1', kind: 'Namespace', name: environment },
    { metadata: { annotations: { [TTL_ANNOTATION]: '3d' } } },
  );
  const crash = {
    name: CRASHING,
    ready: false,
    started: false,
    restartCount: 4,
    state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } },
    lastState: { terminated: { exitCode: 1, reason: 'Error' } },
  };
  await setStatus(client, environment, CRASHING, { containerStatuses: [crash] });
  await setStatus(client, environment, WAITING, {});
}

async function setStatus(
  client: KubeClient,
  namespace: string,
  service: string,
  status: { containerStatuses?: object[] },
): Promise<void> {
  const labelSelector = `app.kubernetes.io/name=${service}`;
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  for (const { metadata } of items) {
    const conditions = ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'False' }));
    await client.patch(
      { apiVersion: 'v1', kind: 'Pod', namespace, name: metadata.name },
      { status: { conditions, ...status } },
      { type: 'strategic', subresource: 'status' },
    );
  }
}
