import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ProcessRunner } from '@berth/exec';
import { KubeClient } from '@berth/kube';
import { stringify } from 'yaml';
import { removeDockerImages } from '../image/testing-images';
import type { ImageRecord } from '../image/image-record';
import deploy from './deploy/executor';
import image from './image/executor';
import { readKubeconfigText, SmallWorkspace } from './testing-faults';

jest.setTimeout(60_000);

const kubeconfig = join(__dirname, '../../../../deploy/clusters/local/kubeconfig');
const environment = `berth-test-faults-registry-${process.pid}`;
const json = '.berth/result.json';
const runner = new ProcessRunner();

const commands: Record<string, (workspace: SmallWorkspace) => Promise<{ success: boolean }>> = {
  'docker-push': ({ context }) => image({ until: 'push', json }, { ...context, projectName: 'web' }),
  deploy: ({ context }) => deploy({ json }, context),
};

describe('a registry that fails', () => {
  let workspace: SmallWorkspace;
  let port: number;
  let printed: string[];

  const failures = async (expected: RegExp, hint: string, names = Object.keys(commands)) => {
    for (const name of names) {
      printed = [];
      const { success } = await commands[name]!(workspace);
      const text = printed.join('\n');
      expect({ name, success, text }).toMatchObject({ success: false });
      expect(text).toMatch(expected);
      expect(text).toMatch(hint);
      expect(text).not.toMatch(/^\s+at /m);
      expect(readdirSync(join(workspace.root, '.berth'))).toEqual(['result.json']);
    }
  };
  /** A docker-push that succeeds. */
  const push = async () => {
    printed = [];
    const { success } = await image({ until: 'push', json }, { ...workspace.context, projectName: 'web' });
    expect({ success, text: printed.join('\n') }).toMatchObject({ success: true });
    const { images } = JSON.parse(readFileSync(join(workspace.root, json), 'utf8')) as ImageRecord;
    return images['web']!;
  };
  /** A stand-in at the registry's port, for as long as `work` takes. */
  const standIn = async (answer: RequestListener, work: () => Promise<void>) => {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    try {
      await work();
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
  /** Debian's registry itself at that port, for as long as `work` takes. */
  const realRegistry = async (tls: object | undefined, work: () => Promise<void>) => {
    const file = join(workspace.root, 'registry.yml');
    const http = { addr: `127.0.0.1:${port}`, ...(tls && { tls }) };
    const storage = {
      filesystem: { rootdirectory: join(workspace.root, 'registry') },
      delete: { enabled: true },
    };
    writeFileSync(file, stringify({ version: '0.1', log: { level: 'error' }, storage, http }));
    const controller = new AbortController();
    const ended = runner
      .run(['docker-registry', 'serve', file], { signal: controller.signal })
      .catch((error: unknown) => error);
    try {
      const limit = Date.now() + 10_000;
      const protocol = tls ? 'https' : 'http';
      const asked = ['curl', '--silent', '--insecure', `${protocol}://127.0.0.1:${port}/v2/`];
      while ((await runner.run(asked, { expect: [0, 7, 35] })).exitCode !== 0) {
        if (Date.now() > limit) throw new Error('the registry of this test did not start');
        await delay(50);
      }
      await work();
    } finally {
      controller.abort();
      await ended;
    }
  };

  beforeAll(async () => {
    workspace = new SmallWorkspace(environment, { ports: [{ name: 'http', port: 8080 }] });
    workspace.write('apps/web/Dockerfile', 'FROM scratch\nCOPY note /note\nUSER 1000\n');
    workspace.write('apps/web/note', 'text\n');
    workspace.access(readKubeconfigText(kubeconfig), {});
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
    await new Promise((resolve) => server.close(resolve));
    workspace.registry = `localhost:${port}/berth-test`;
    for (const stream of ['log', 'error', 'warn'] as const)
      jest
        .spyOn(console, stream)
        .mockImplementation((...text: unknown[]) => void printed.push(text.join(' ')));
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await removeDockerImages(workspace.registry);
    const client = KubeClient.from({ kubeconfig, context: 'berth-local' });
    const namespace = { apiVersion: 'v1', kind: 'Namespace', name: environment };
    expect(await client.get(namespace)).toBeUndefined();
    client.close();
    workspace.remove();
  });

  it('is down: said once, after bounded tries, with where and what to type', async () => {
    await failures(
      new RegExp(`The registry at http://localhost:${port} does not answer: .*ECONNREFUSED.*tried 4 times`),
      `curl -i http://localhost:${port}/v2/`,
    );
    expect(printed.filter((line) => /try \d of 4/.test(line))).toHaveLength(3);
  });

  it.each([
    [404, {}, /is no image registry: GET \S+\/v2\/ gave HTTP 404/, 'curl -i'],
    [200, { 'content-type': 'text/html' }, /is no image registry.*text\/html/, 'curl -i'],
    [500, {}, /gave HTTP 500/, 'curl -i'],
    [429, {}, /gave HTTP 429/, 'docker login localhost'],
    [
      401,
      { 'www-authenticate': 'Basic realm="x"' },
      /does not let us read: .*HTTP 401/,
      'docker login localhost',
    ],
    [403, {}, /does not let us read: .*HTTP 403/, 'docker login localhost'],
  ])('answers %s %j', async (code, headers, expected, hint) => {
    await standIn(
      (_, response) => response.writeHead(code, headers).end(),
      () => failures(expected, hint, ['docker-push']),
    );
  });

  it('has a name that does not resolve', async () => {
    const known = workspace.registry;
    workspace.registry = 'registry.invalid/berth';
    try {
      await failures(/the name registry\.invalid does not resolve/, 'getent hosts registry.invalid');
    } finally {
      workspace.registry = known;
    }
  });

  it('speaks TLS by an authority that nobody knows, and is asked once it stands where docker finds it', async () => {
    const [certificate, key] = [join(workspace.root, 'tls.crt'), join(workspace.root, 'tls.key')];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const files = ['-keyout', key, '-out', certificate];
    await runner.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...names, ...files]);
    const before = process.env['XDG_CONFIG_HOME'];
    await realRegistry({ certificate, key }, async () => {
      await failures(/its certificate is not trusted/, `/etc/docker/certs.d/localhost:${port}/ca.crt`);
      workspace.write(
        `config/containers/certs.d/localhost:${port}/ca.crt`,
        readFileSync(certificate, 'utf8'),
      );
      process.env['XDG_CONFIG_HOME'] = join(workspace.root, 'config');
      try {
        expect(await push()).toMatchObject({ outcome: 'built' });
      } finally {
        if (before === undefined) delete process.env['XDG_CONFIG_HOME'];
        else process.env['XDG_CONFIG_HOME'] = before;
      }
    });
  });

  it('lost an image to somebody who deleted it: it is built and pushed again', async () => {
    rmSync(join(workspace.root, 'registry'), { recursive: true, force: true });
    await realRegistry(undefined, async () => {
      const { outcome, digest } = await push();
      expect(outcome).toBe('built');
      expect(await push()).toMatchObject({ outcome: 'reused', digest });
      const manifest = `http://localhost:${port}/v2/berth-test/web/manifests/${digest}`;
      await runner.run(['curl', '--silent', '--fail', '--request', 'DELETE', manifest]);
      expect(await push()).toMatchObject({ outcome: 'built' });
      expect(await push()).toMatchObject({ outcome: 'reused' });
    });
  });

  it('dies between build and push; the same command goes through when it is back', async () => {
    const asked: string[] = [];
    // It answers that it lacks the image, and is gone for everything else.
    await standIn(
      (request, response) => {
        asked.push(`${request.method} ${request.url}`);
        if (request.headers['user-agent']?.startsWith('docker')) request.socket.destroy();
        else response.writeHead(request.url === '/v2/' ? 200 : 404).end();
      },
      async () => {
        printed = [];
        expect(await commands['docker-push']!(workspace)).toEqual({ success: false });
        const text = printed.join('\n');
        expect(text).toContain(`docker push localhost:${port}/berth-test/web:`);
        expect(text).not.toMatch(/^\s+at /m);
      },
    );
    rmSync(join(workspace.root, 'registry'), { recursive: true, force: true });
    await realRegistry(undefined, async () => {
      expect(await push()).toMatchObject({
        outcome: 'built',
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      });
    });
  });
});
