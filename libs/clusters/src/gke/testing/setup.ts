import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { parseCluster, UserError, type Cluster } from '@berth/model';
import { Gcloud } from '../gcloud';
import { Gke } from '../gke';
import { GcloudInPath } from '../tool';
import { FakeGoogle } from './google';

/** For tests: the real gcloud, which asks a Google Cloud of the test's own. */
export interface GkeSetup {
  google: FakeGoogle;
  provider: Gke;
  workspace: string;
  cluster(fields?: object, name?: string): Cluster;
  close(): Promise<void>;
}

export async function gkeSetup(): Promise<GkeSetup> {
  const google = await FakeGoogle.start();
  const workspace = mkdtempSync(join(tmpdir(), 'berth-gke-'));
  const token = join(workspace, 'token');
  writeFileSync(token, 'token-of-the-test', { mode: 0o600 });
  mkdirSync(join(workspace, 'gcloud'));
  const runner = new ProcessRunner({ env: google.env(join(workspace, 'gcloud'), token), timeoutMs: 120_000 });
  const gcloud = new Gcloud(runner, new GcloudInPath(), () => undefined);
  return {
    google,
    workspace,
    provider: new Gke(
      () => gcloud,
      workspace,
      { everyMs: 5, limitMs: 240_000, failures: 1 },
      () => {
        throw new UserError('the cluster of the test has no API server');
      },
    ),
    cluster: (fields = {}, name = 'prod') =>
      parseCluster(
        JSON.stringify({
          ...{ provider: 'gke', project: 'desk-123', zone: 'europe-west1-b', gcloud: 'path' },
          ...fields,
        }),
        { name, root: `deploy/clusters/${name}` },
      ),
    close: async () => {
      await google.close();
      rmSync(workspace, { recursive: true, force: true });
    },
  };
}
