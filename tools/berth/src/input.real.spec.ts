import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { KubeClient } from '@berth/kube';
import type { KubernetesObject } from '@berth/manifests';
import { runNx, SmallWorkspace } from './testing-workspace';

jest.setTimeout(180_000);

const kubeconfig =
  process.env['BERTH_TEST_KUBECONFIG'] ?? resolve(__dirname, '../../../deploy/clusters/local/kubeconfig');
const client = KubeClient.from({ kubeconfig, context: 'berth-local' });
const environment = `berth-test-input-${process.pid}`;

/** Text that a shell, YAML, JSON, Kubernetes or Nx would each read in a way of its own. */
const texts = {
  EMPTY: '',
  QUOTES: `"double" 'single' \`back\``,
  LINES: 'one\ntwo\r\n\tthree\n',
  VARIABLES: '$(EMPTY) $$(EMPTY) ${EMPTY} $EMPTY %EMPTY% $$ $(id) {projectRoot} {{x}}',
  BACKSLASHES: '\\ \\n \\\\ \\" \\u0041',
  YAML: '- a: &b *b # c',
  NUMBER: '0x1F',
  BOOLEAN: 'no',
  LETTERS: 'wörkspace ✓ \u{1f600} \u00a0 \u2028 \u0085\u007f end',
  SHELL: '; rm -rf / & echo | cat > /dev/null < /dev/zero * ? ~ !',
};

/** Prints what it was given as JSON, of the secret only a hash, and is well once it has. */
const program = `
const { API_TOKEN = '', ...env } = process.env;
const token = require('node:crypto').createHash('sha256').update(API_TOKEN).digest('hex');
console.log(JSON.stringify({ env, argv: process.argv.slice(1), token }));
require('node:net').createServer().listen(Number(env.PORT));
process.on('SIGTERM', () => process.exit());
`;
const secret = `"quoted" ${randomBytes(16).toString('hex')}`;

let workspace: SmallWorkspace;
/** What every command has said. */
const said: string[] = [];
const nx = async (...args: string[]) => {
  const result = await workspace.nx(...args);
  said.push(result.output);
  return result;
};

function writeService(image: string, version: string): void {
  const command = ['node', '--eval', program, '--', ...Object.values(texts)];
  workspace.write('services/prints/service.json', {
    image,
    ports: [
      { name: 'http', port: 8080 },
      { name: 'side', port: 8081 },
    ],
    // Both have printed when the pod is ready.
    health: { tcp: 'http', readiness: { tcp: 'side' } },
    resources: { cpu: '20m', memory: '64Mi' },
    env: { ...texts, PORT: '8080', VERSION: version },
    secrets: ['API_TOKEN'],
    command,
    sidecars: [{ name: 'side', command, env: { ...texts, PORT: '8081' } }],
  });
}

/** The workspace's own Node image, by any of the tags that the registry has. */
async function nodeImage(): Promise<string> {
  const answer = await fetch('http://localhost:5000/v2/berth/node/tags/list');
  const { tags } = (await answer.json()) as { tags: string[] };
  return `localhost:5000/berth/node:${tags[0]}`;
}

let image: string;
beforeAll(async () => {
  workspace = await SmallWorkspace.of({}, { NX_ISOLATE_PLUGINS: 'false' });
  const cluster = { provider: 'bare-metal', hosts: ['localhost'], kubeconfig, context: 'berth-local' };
  workspace.write('deploy/clusters/local/cluster.json', cluster);
  image = await nodeImage();
  writeService(image, '1');
});
afterAll(async () => {
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: environment });
  client.close();
  workspace.remove();
});

/** Gives the value as `echo` does. */
async function setSecret(options: { terminal?: boolean } = {}) {
  const set = await runNx(workspace.root, ['secret', environment, '--name=API_TOKEN'], {
    env: { NX_ISOLATE_PLUGINS: 'false' },
    input: `${secret}\n`,
    ...options,
  });
  said.push(set.output);
  return set;
}

describe('from service.json to a container', () => {
  it('a secret that is not there is told before anything is changed, with the command that makes it', async () => {
    expect(await nx('g', 'env', environment)).toMatchObject({ status: 0 });
    const { status, output } = await nx('deploy', environment);
    expect(status).toBe(1);
    expect(output).toContain(
      'Secret berth-secrets is missing (its key API_TOKEN is needed); prints needs it.',
    );
    expect(output).toContain(`nx secret ${environment} --name=API_TOKEN`);
    expect(output).not.toMatch(/^\s+at .*\(.*:\d+\)$/m);
    expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment })).toBeUndefined();
  });

  it('every value arrives as it was written, in the workspace of a folder with spaces', async () => {
    // By the command that the error has named, which makes the namespace too.
    expect(await setSecret()).toMatchObject({
      status: 0,
      output: expect.stringContaining('(sets API_TOKEN)'),
    });
    expect(await nx('deploy', environment)).toMatchObject({ status: 0 });
    const pods = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace: environment });
    const pod = pods.items[0]!.metadata.name;
    for (const container of ['prints', 'side']) {
      const [line = ''] = await client.logs(environment, pod, { container });
      const printed = JSON.parse(line) as { env: object; argv: string[]; token: string };
      expect(printed.env).toMatchObject(texts);
      expect(printed.argv).toEqual(Object.values(texts));
      if (container === 'prints')
        expect(printed.token).toBe(createHash('sha256').update(secret).digest('hex'));
    }
  });

  it('no value of a secret is in what is said, recorded or shown as a difference', async () => {
    // Nx shows what comes in to a task that it gives a terminal of its own.
    expect(await setSecret({ terminal: true })).toMatchObject({
      status: 0,
      output: expect.stringContaining('nothing to change'),
    });
    writeService(image, '2');
    const { status, output } = await nx('diff', environment);
    expect(status).toBe(0);
    expect(output).toContain('change deployment/prints');
    const kinds = ['Secret', 'ConfigMap', 'Event', 'Pod', 'Service'].map((kind) => ({
      apiVersion: 'v1',
      kind,
    }));
    const more = ['Deployment', 'ReplicaSet'].map((kind) => ({ apiVersion: 'apps/v1', kind }));
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
    const lists = await Promise.all(
      [...kinds, ...more, lease].map((kind) => client.list({ ...kind, namespace: environment })),
    );
    const objects = lists.flatMap(({ items }) => items);
    expect(objects.map(({ metadata }) => metadata.name)).toContain('berth-record-1');
    const others = objects.filter(({ metadata }) => metadata.name !== 'berth-secrets');
    // Nx keeps what its tasks print, and with what they were run.
    const kept = filesBelow(workspace.root).map((file) => readFileSync(file, 'latin1'));
    const texts = [
      ...said,
      ...others.flatMap((object) => [JSON.stringify(object), ...decoded(object)]),
      ...kept,
    ];
    expect(kept.length).toBeGreaterThan(5);
    const digits = secret.slice(-32);
    const forms = [digits, ...[0, 1, 2].map((shift) => inBase64(digits, shift))];
    for (const form of forms) expect(texts.filter((text) => text.includes(form))).toEqual([]);
  });
});

/** Those of the workspace, of Nx's cache and of its database, without the packages. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map(({ parentPath, name }) => join(parentPath, name));
}

/** The data of a Secret or ConfigMap as text, unpacked where it is compressed. */
function decoded({ data }: KubernetesObject): string[] {
  return Object.values((data ?? {}) as Record<string, string>).map((value) => {
    const bytes = Buffer.from(value, 'base64');
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  });
}

/** How the text looks inside a longer one in base64, where it begins `shift` bytes after a group of three. */
function inBase64(text: string, shift: number): string {
  const encoded = Buffer.from(`${'x'.repeat(shift)}${text}`).toString('base64');
  return encoded.slice(4, -4);
}
