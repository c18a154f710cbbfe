import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { parse } from 'yaml';
import { refusalOf as refused, runAll } from '../contract';
import type { Step } from '../provider';
import { noGcloud } from './testing/gcloud-here';
import { gkeSetup, type GkeSetup } from './testing/setup';

const absent = noGcloud();
const refusal = (code: number, status: string, message: string) => ({
  status: code,
  body: { error: { code, status, message } },
});
const lines = (steps: readonly Step[]) => steps.flatMap(({ details }) => details);

if (absent !== undefined) {
  test.skip(`gke, with the real gcloud (skipped: ${absent})`, () => undefined);
} else {
  describe('gke, with the real gcloud', () => {
    let setup: GkeSetup;

    beforeAll(async () => {
      setup = await gkeSetup();
    }, 300_000);
    afterAll(() => setup.close());
    afterEach(() => {
      setup.google.forgetFaults();
      expect(setup.google.violations).toEqual([]);
    });

    it('shows every command before anything is done, with autoscaling and workload identity', async () => {
      const { provider, cluster, google } = setup;
      const steps = await provider.planCreate(
        cluster({ minNodes: 1, maxNodes: 10, machineType: 'e2-standard-8' }),
      );
      expect(lines(steps)).toEqual([
        'gcloud container clusters create prod --machine-type e2-standard-8 --num-nodes 3 --enable-autoscaling --min-nodes 1 --max-nodes 10 --workload-pool desk-123.svc.id.goog --enable-ip-alias --project desk-123 --location europe-west1-b --release-channel regular --labels managed-by=berth,berth-cluster=prod --no-enable-insecure-kubelet-readonly-port --async',
        'write deploy/clusters/prod/kubeconfig, context berth-prod',
      ]);
      expect(google.requests.filter((line) => !line.startsWith('GET'))).toEqual([]);
    }, 120_000);

    it('shows the nearest of zones and machine types, and makes nothing', async () => {
      const { provider, cluster, google } = setup;
      expect(await refused(provider.planCreate(cluster({ zone: 'europe-west1-x' })))).toMatchObject({
        message: expect.stringContaining(
          'deploy/clusters/prod/cluster.json at zone: Google Cloud has no zone',
        ),
        hint: expect.stringContaining('europe-west1-b, europe-west1-c, europe-west1-d'),
      });
      expect(await refused(provider.planCreate(cluster({ machineType: 'e2-standrd-4' })))).toMatchObject({
        message: expect.stringContaining('no machine type "e2-standrd-4" in europe-west1-b'),
        hint: expect.stringContaining('The nearest are e2-standard-4'),
      });
      expect(google.project.billed).toEqual([]);
    }, 240_000);

    it('says who is not signed in, which permission lacks, and which quota is used up', async () => {
      const { provider, cluster, google } = setup;
      google.fail({
        on: /services/,
        how: refusal(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'),
        // gcloud itself asks again with a new token.
        times: Infinity,
      });
      expect((await refused(provider.planCreate(cluster()))).hint).toContain('gcloud auth login');
      google.forgetFaults();

      const steps = await provider.planCreate(cluster());
      const forbidden = 'Required "container.clusters.create" permission(s) for "projects/desk-123".';
      google.fail({ on: /^POST .*clusters$/, how: refusal(403, 'PERMISSION_DENIED', forbidden) });
      expect(await refused(runAll(steps))).toMatchObject({
        message: expect.stringContaining('container.clusters.create'),
        hint: expect.stringContaining('The permission is container.clusters.create.'),
      });
      expect(google.project.billed).toEqual([]);

      const quota =
        'Insufficient quota to satisfy the request: Quota "CPUS" exceeded. Limit: 24.0 in region europe-west1.';
      google.project.failure = quota;
      expect(await refused(runAll(steps))).toMatchObject({
        message: expect.stringContaining(quota),
        hint: expect.stringMatching(/quotas\?project=desk-123[^]*nx destroy cluster-prod/),
      });
      // What is half made is not taken for one that is well, and goes.
      expect((await refused(provider.planCreate(cluster()))).hint).toContain('nx destroy cluster-prod');
      await runAll(await provider.planDestroy(cluster()));
      expect(google.project.billed).toEqual([]);
    }, 300_000);

    it('leaves a cluster of somebody else alone', async () => {
      const { provider, cluster, google } = setup;
      const foreign = { name: 'prod', location: 'europe-west1-b', status: 'RUNNING', resourceLabels: {} };
      const version = { currentMasterVersion: '1.33.5-gke.100', currentNodeVersion: '1.33.5-gke.100' };
      google.project.clusters.set('prod', { ...foreign, ...version });
      for (const plan of ['planCreate', 'planDestroy'] as const)
        expect((await refused(provider[plan](cluster()))).message).toMatch(
          /^The name is taken: .*that Berth did not make/,
        );
      google.project.clusters.delete('prod');
    }, 120_000);

    it('enables what a new project lacks, makes an Autopilot cluster with a mirror, and takes both away again', async () => {
      const { provider, cluster, google, workspace } = setup;
      google.project.services = ['compute.googleapis.com'];
      const own = cluster(
        { zone: undefined, region: 'europe-west1', autopilot: true, dockerHubMirror: true },
        'auto',
      );
      const steps = await provider.planCreate(own);
      expect(steps.map(({ title }) => title)).toEqual([
        'APIs of Google Cloud',
        'Mirror of Docker Hub',
        'Cluster auto',
        'Credentials',
      ]);
      await runAll(steps);
      expect(google.project.services).toContain('artifactregistry.googleapis.com');
      expect(google.project.readers).toEqual([
        'roles/artifactregistry.reader serviceAccount:123-compute@developer.gserviceaccount.com',
      ]);
      expect(await provider.planCreate(own)).toEqual([]);
      expect((await refused(provider.planResize(own, 5))).message).toContain('one of Autopilot');

      // The plugin that kubectl starts gives a token.
      const file = parse(readFileSync(join(workspace, own.kubeconfig), 'utf8')) as {
        users: { user: { exec: { command: string; args: string[] } } }[];
      };
      const { command = '', args = [] } = file.users[0]?.user.exec ?? {};
      const { stdout } = await new ProcessRunner({
        env: google.env(join(workspace, 'gcloud'), join(workspace, 'token')),
      }).run([command, ...args]);
      expect(JSON.parse(stdout)).toMatchObject({
        kind: 'ExecCredential',
        status: { token: 'token-of-the-test' },
      });

      await runAll(await provider.planDestroy(own));
      expect(google.project.billed).toEqual([]);
    }, 300_000);

    it('brings other limits of the autoscaler to a cluster that is there', async () => {
      const { provider, cluster, google } = setup;
      await runAll(await provider.planCreate(cluster()));
      expect((await provider.observe(cluster())).nodes).toHaveLength(3);
      const limited = cluster({ minNodes: 2, maxNodes: 6 });
      const steps = await provider.planCreate(limited);
      expect(steps.map(({ title }) => title)).toEqual(['Autoscaling of nodes']);
      await runAll(steps);
      expect(await provider.planCreate(limited)).toEqual([]);
      expect((await refused(provider.planResize(limited, 9))).message).toContain('from 2 (minNodes');
      await runAll(await provider.planDestroy(limited));
      expect(google.project.billed).toEqual([]);
    }, 300_000);
  });
}
