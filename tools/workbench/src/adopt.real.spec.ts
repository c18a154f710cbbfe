import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KubeClient } from '@berth/kube';
import { nodeImage } from '@berth/orchestrators/src/contract/testing-node-image';
import { SmallWorkspace } from '@berth/nx/src/testing-workspace';
import { parse, stringify } from 'yaml';
import { adopt } from './adopt';
import { adoptedCluster, adoptedFile } from './local-cluster';
import type { Workbench } from './main';
import { Progress } from './progress';
import { startAdopted } from './start-adopted';
import { Timings } from './timings';

jest.setTimeout(180_000);

const local = resolve(__dirname, '../../../deploy/clusters/local/kubeconfig');
const client = KubeClient.from({ kubeconfig: local, context: 'berth-local' });
const environment = `berth-test-adopt-${process.pid}`;
const nobodys = `${environment}-nobodys`;

/** Answers with 200 whatever is asked. */
const program = `require('node:http').createServer((_, response) => response.end('here')).listen(8080);
process.on('SIGTERM', () => process.exit());`;

/** The local cluster, by another kubeconfig whose context is called otherwise, in a namespace of the test's own. */
describe('npm start -- --context', () => {
  let workspace: SmallWorkspace;
  let printed: string[];
  const workbench = (): Workbench => {
    const print = (line: string) => void printed.push(line);
    const { signal } = new AbortController();
    const timings = new Timings(join(workspace.root, '.berth/timings.json'));
    return { root: workspace.root, print, signal, progress: new Progress(timings, print, false, signal) };
  };
  const agree = (yes: boolean, environments = [environment]) =>
    adopt(workbench(), { context: 'work', kubeconfig: 'my kubeconfig', yes }, environments);

  beforeAll(async () => {
    workspace = await SmallWorkspace.of({}, { NX_ISOLATE_PLUGINS: 'false' });
    const file = parse(readFileSync(local, 'utf8')) as { contexts: { name: string }[] };
    for (const each of file.contexts) each.name = 'work';
    writeFileSync(join(workspace.root, 'my kubeconfig'), stringify(file), { mode: 0o600 });
    // Its node ports are those of a cluster that Berth has made.
    const cluster = { provider: 'bare-metal', hosts: ['localhost'] };
    workspace.write('deploy/clusters/local/cluster.json', cluster);
    workspace.write('services/here/service.json', {
      image: await nodeImage(),
      ports: [{ name: 'http', port: 8080, public: true }],
      health: { path: '/' },
      resources: { cpu: '20m', memory: '64Mi' },
      secrets: ['PASSWORD'],
      command: ['node', '--eval', program],
    });
    workspace.write(`deploy/environments/${environment}/env.json`, { cluster: 'local', projects: ['here'] });
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: nobodys } });
  });
  beforeEach(() => (printed = []));
  afterAll(async () => {
    for (const name of [environment, nobodys])
      await client.delete({ apiVersion: 'v1', kind: 'Namespace', name });
    client.close();
    workspace.remove();
  });

  it('lists what it would make, and makes nothing before somebody agrees', async () => {
    await expect(agree(false)).rejects.toMatchObject({
      message: 'Nothing was changed: there is no terminal to ask on.',
      hint: "npm start -- --context work --kubeconfig 'my kubeconfig' --yes",
    });
    const said = printed.join('\n');
    expect(said).toMatch(/^The context work of .*my kubeconfig:\n {2}✓ Kubernetes v1\./);
    expect(said).toContain(
      `This would make in it:\n  the namespace ${environment}: what its services say\nAnd here:`,
    );
    expect(existsSync(join(workspace.root, adoptedFile))).toBe(false);
    expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment })).toBeUndefined();
  });

  it('leaves a namespace alone that somebody else has made', async () => {
    await expect(agree(true, [environment, nobodys])).rejects.toThrow(
      `The cluster has a namespace that Berth did not make: ${nobodys}. Nothing was changed.`,
    );
    expect(existsSync(join(workspace.root, adoptedFile))).toBe(false);
  });

  it('brings the environments up there, and says where they answer', async () => {
    const cluster = await agree(true);
    expect(adoptedCluster(workspace.root)).toEqual(cluster);
    await startAdopted(workbench(), cluster, [environment]);
    const said = printed.join('\n');
    expect(said).toContain(`✓ Secrets of ${environment}: generated PASSWORD`);
    expect(said).toContain('✓ The gateway has an address: 10.123.0.1');
    const url = new RegExp(`here \\(${environment}\\) {2}http://here-${environment}\\.localhost(:\\d+)?/`);
    expect(said).toMatch(url);
    const namespace = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment });
    expect(namespace?.metadata.labels?.['app.kubernetes.io/managed-by']).toBe('berth');
    // cluster.json is as it was: only this clone goes elsewhere.
    expect(JSON.parse(workspace.read('deploy/clusters/local/cluster.json')).provider).toBe('bare-metal');
  });
});
