import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TaskGraph } from '@nx/devkit';
import { ProcessRunner } from '@berth/exec';
import { KubeClient, readKubeconfig } from '@berth/kube';
import { FaultyApiServer } from '@berth/kube/src/testing-api-server';
import { stringify } from 'yaml';
import deploy from './deploy/executor';
import destroy from './destroy/executor';
import diff, { diffBatch } from './diff/executor';
import restart from './restart/executor';
import rollback from './rollback/executor';
import status, { statusBatch } from './status/executor';
import { readKubeconfigText, SmallWorkspace, type KubeconfigText } from './testing-faults';

jest.setTimeout(60_000);

const kubeconfig = resolve(__dirname, '../../../../deploy/clusters/local/kubeconfig');
const environment = `berth-test-faults-${process.pid}`;
const json = '.berth/result.json';

const commands: Record<string, (workspace: SmallWorkspace) => Promise<{ success: boolean }>> = {
  deploy: ({ context }) => deploy({ json }, context),
  diff: ({ context }) => diff({ json }, context),
  status: ({ context }) => status({ json }, context),
  rollback: ({ context }) => rollback({ json }, context),
  restart: ({ context }) => restart({ json }, context),
  destroy: ({ context }) => destroy({ json, force: true }, context),
};
const names = Object.keys(commands);

describe('an API server that fails', () => {
  const base = readKubeconfigText(kubeconfig);
  const server = new FaultyApiServer(readKubeconfig({ kubeconfig, context: 'berth-local' }));
  const client = KubeClient.from({ kubeconfig, context: 'berth-local' });
  let workspace: SmallWorkspace;
  let printed: string[];

  /** Runs a command that must fail, and gives what it printed. */
  const failure = async (name: string): Promise<string> => {
    printed = [];
    const { success } = await commands[name]!(workspace);
    const text = printed.join('\n');
    expect({ name, success, text }).toMatchObject({ success: false });
    expect(text).not.toMatch(/^\s+at /m);
    expect(readdirSync(join(workspace.root, '.berth')).filter((file) => file !== 'result.json')).toEqual([]);
    return text;
  };
  const readJson = () => JSON.parse(readFileSync(join(workspace.root, json), 'utf8')) as object;
  const namespaceIsThere = async () =>
    (await client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment })) !== undefined;

  beforeAll(async () => {
    // Someone else's image: no registry is asked.
    workspace = new SmallWorkspace(environment, {
      image: 'localhost:5000/pause:3.10.1',
      ports: [{ name: 'http', port: 8080 }],
      health: { path: '/healthz' },
    });
    workspace.write('.berth/result.json', '{}');
    await server.listen();
    for (const stream of ['log', 'error', 'warn'] as const)
      jest
        .spyOn(console, stream)
        .mockImplementation((...text: unknown[]) => void printed.push(text.join(' ')));
  });
  beforeEach(async () => {
    server.fault = undefined;
    server.asked = [];
    workspace.access(base, { server: server.address, 'certificate-authority-data': undefined });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: environment });
    client.close();
    await server.close();
    workspace.remove();
  });

  it.each(names)('that nobody listens at: %s', async (name) => {
    await server.close();
    try {
      const text = await failure(name);
      expect(text).toContain(`at ${server.address} (context berth-local of ${workspace.kubeconfig})`);
      expect(text).toContain('does not answer (ECONNREFUSED)');
      expect(text).toContain('nx create cluster-local');
      if (name === 'diff')
        expect(readJson()).toMatchObject({ failure: expect.stringContaining('does not answer') });
      // Bounded, and told once although many ask at the same time.
      expect(printed.filter((line) => line.includes('ECONNREFUSED; try'))).toEqual(
        [2, 3, 4].map((tried) => `API server ${server.address}: ECONNREFUSED; try ${tried} of 4`),
      );
    } finally {
      await server.listen();
    }
    expect(await namespaceIsThere()).toBe(false);
  });

  it('is told of its environments alone, in the table and in the differences of several', async () => {
    const away = `${environment}-away`;
    const elsewhere = { cluster: 'away', domain: 'localhost', projects: ['web'] };
    workspace.write(`deploy/environments/${away}/env.json`, elsewhere);
    workspace.write('deploy/clusters/away/cluster.json', { provider: 'existing', kubeconfig: 'away.yaml' });
    // The port of nobody.
    const nobody = { ...base.clusters[0]!, cluster: { server: 'http://127.0.0.1:1' } };
    workspace.write('away.yaml', stringify(contextNamed({ ...base, clusters: [nobody] }, 'berth-away')));
    const { context } = workspace;
    context.projectsConfigurations.projects[away] = { root: `deploy/environments/${away}` };
    const id = (project: string) => `${project}:target`;
    const tasks = Object.fromEntries(
      [away, environment].map((project) => [id(project), { id: id(project), target: { project } }]),
    );
    const graph = { tasks } as unknown as TaskGraph;
    printed = [];
    const results = await statusBatch(graph, { [id(away)]: { json } }, {}, context);
    expect(results).toMatchObject({ [id(away)]: { success: false }, [id(environment)]: { success: true } });
    const [head, ...rows] = printed;
    expect(head).toMatch(/^environment {2}.*reachable at$/);
    expect(rows[0]).toMatch(new RegExp(`^${environment} +not deployed$`));
    expect(rows[1]).toMatch(new RegExp(`^${away} +not known$`));
    expect(printed.join('\n')).toMatch(new RegExp(`\n${away}: GET .*does not answer \\(ECONNREFUSED\\)`));
    expect(JSON.parse(readFileSync(join(workspace.root, json), 'utf8'))).toMatchObject({
      environments: [
        { environment, exists: false },
        { environment: away, failure: expect.any(String) },
      ],
    });

    printed = [];
    const differences = await diffBatch(graph, { [id(away)]: { json } }, {}, context);
    expect(differences).toMatchObject({
      [id(away)]: { success: false },
      [id(environment)]: { success: true },
    });
    expect(printed.slice(0, 2)).toEqual([`${environment}:`, `  + create namespace/${environment}`]);
    expect(printed.join('\n')).toMatch(
      new RegExp(`\n${away}: not known\n {2}GET .*does not answer \\(ECONNREFUSED\\)`),
    );
    expect(JSON.parse(readFileSync(join(workspace.root, json), 'utf8'))).toMatchObject({
      environments: [
        { environment, differs: true },
        { environment: away, failure: expect.any(String) },
      ],
    });
    const failing = await diffBatch(graph, { [id(away)]: { exitCode: true } }, {}, context);
    expect(failing[id(environment)]).toMatchObject({ success: false });
  });

  it('goes on by itself when the server is back within the tries', async () => {
    server.fault = (response, { count }) => {
      if (count > 2) return 'answered by the server';
      response.writeHead(count === 1 ? 429 : 503, { 'retry-after': '1' }).end('{}');
      return 'answered';
    };
    printed = [];
    const started = performance.now();
    expect(await commands['status']!(workspace)).toEqual({ success: true });
    expect(performance.now() - started).toBeGreaterThan(1000);
    expect(printed.join('\n')).toContain('HTTP status 429; try 2 of 4');
    expect(printed.join('\n')).toContain(`${environment} is not deployed.`);
  });

  it.each([
    [429, 'wait, then run the same command again'],
    [500, "get --raw '/readyz?verbose'"],
    [503, "get --raw '/readyz?verbose'"],
  ])('that answers everything with %s', async (code, hint) => {
    server.fault = (response) => {
      response.writeHead(code, { 'content-type': 'application/json' }).end('{"message":"not now"}');
      return 'answered';
    };
    const text = await failure('status');
    expect(text).toMatch(/GET \/api\S* at http:.*: not now/);
    expect(text).toContain(hint);
    expect(server.asked.length).toBeLessThanOrEqual(4 * 10);
  });

  it.each([
    ['a page', 200, { 'content-type': 'text/html' }],
    ['404', 404, {}],
    ['a redirection', 302, { location: 'https://login.example.com/' }],
  ])('that is none and answers with %s is not taken for an empty cluster', async (_, code, headers) => {
    server.fault = (response) => {
      response.writeHead(code, headers).end('<html></html>');
      return 'answered';
    };
    for (const name of names) expect(await failure(name)).toContain('is no Kubernetes API server');
  });

  it('whose certificate is of another authority', async () => {
    const other = join(workspace.root, 'other.crt');
    await newAuthority(other);
    workspace.access(base, { 'certificate-authority-data': undefined, 'certificate-authority': other });
    for (const name of names) {
      const text = await failure(name);
      expect(text).toMatch(/certificate is not trusted \(\w+\): this kubeconfig is of another cluster/);
      expect(text).toContain('nx credentials cluster-local');
    }
  });

  it('that a client certificate is shown which has ended', async () => {
    const [cert, key] = [join(workspace.root, 'ended.crt'), join(workspace.root, 'ended.key')];
    await endedCertificate(cert, key);
    workspace.access(base, {}, { 'client-certificate': cert, 'client-key': key });
    const text = await failure('status');
    expect(text).toMatch(/the client certificate expired on \d{4}-\d\d-\d\dT/);
    expect(text).toContain('nx credentials cluster-local');
  });

  it('whose name does not resolve', async () => {
    workspace.access(base, { server: 'https://api.invalid:6443' });
    const text = await failure('diff');
    expect(text).toMatch(/the name api\.invalid does not resolve \((ENOTFOUND|EAI_AGAIN)\)/);
    expect(text).toContain('getent hosts api.invalid');
  });

  it.each([
    ['is missing', '', 'nx create cluster-local'],
    ['has no such context', { contexts: [{ name: 'other', context: {} }] }, 'it has: other'],
    ['is no YAML', 'a: [', 'is no YAML'],
    ['is no kubeconfig', 'hello', 'it has: none'],
    ['has no address', brokenServer(), 'is no address: "10.0.0.1"'],
    ['has no certificate', brokenCertificate(), 'nx credentials cluster-local'],
  ])('whose kubeconfig %s', async (_, content, expected) => {
    if (content === '') rmSync(workspace.kubeconfig);
    else workspace.write('kubeconfig', content);
    for (const name of names) {
      const text = await failure(name);
      expect(text).toContain(workspace.kubeconfig);
      expect(text).toContain(expected);
    }
  });

  it('carries on when all is well again, and has left nothing behind', async () => {
    printed = [];
    expect(await deploy({ json, dryRun: true }, workspace.context)).toEqual({ success: true });
    expect(await diff({ json }, workspace.context)).toEqual({ success: true });
    expect(readJson()).toMatchObject({ differs: true, missingImages: [], images: [] });
    expect(await diff({ json, exitCode: true }, workspace.context)).toEqual({ success: false });
    expect(readJson()).toMatchObject({ differs: true });
    expect(await namespaceIsThere()).toBe(false);
    expect(existsSync(join(workspace.root, json))).toBe(true);
  });
});

function contextNamed(config: KubeconfigText, name: string): KubeconfigText {
  return { ...config, contexts: config.contexts.map(({ context }) => ({ name, context })) };
}

function brokenServer(): object {
  return {
    clusters: [{ name: 'c', cluster: { server: '10.0.0.1' } }],
    contexts: [{ name: 'berth-local', context: { cluster: 'c', user: 'u' } }],
  };
}

function brokenCertificate(): object {
  const data = Buffer.from('no certificate').toString('base64');
  return {
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'u', user: { 'client-certificate-data': data, 'client-key-data': data } }],
    contexts: [{ name: 'berth-local', context: { cluster: 'c', user: 'u' } }],
  };
}

const subject = ['-subj', '/O=system:masters/CN=berth-test'];
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout'];
const openssl = (...argv: string[]) => new ProcessRunner().run(['openssl', ...argv]);

async function newAuthority(path: string): Promise<void> {
  await openssl('req', '-x509', ...newKey, `${path}.key`, ...subject, '-out', path);
}

/** Signed by the cluster's own authority, and ended a day ago. */
async function endedCertificate(cert: string, key: string): Promise<void> {
  const request = `${cert}.request`;
  await openssl('req', '-new', ...newKey, key, ...subject, '-out', request);
  const authority = '/etc/kubernetes/pki/ca';
  const signing = ['-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-set_serial', '1'];
  await openssl('x509', '-req', '-in', request, ...signing, '-days', '-1', '-out', cert);
}
