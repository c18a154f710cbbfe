import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ProcessRunner } from '@berth/exec';
import { TestAuthority } from '@berth/exec/src/testing-authority';
import { loginOf, TestRegistries } from './testing-registries';
import type { TestRegistry } from './testing-registry';

jest.setTimeout(30_000);

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const ana = loginOf({ user: 'ana', password: 'pa:ss' });

describe('a real registry with TLS by an authority of its own', () => {
  let registries: TestRegistries;
  beforeAll(async () => {
    registries = await TestRegistries.start();
  });
  afterEach(() => registries.closeClients());
  afterAll(() => registries?.stop());

  describe('that wants user and password', () => {
    let registry: TestRegistry;
    beforeAll(async () => {
      registry = await registries.start({ name: 'htpasswd', auth: registries.htpasswd, tls: registries.tls });
      registries.trust(registry.host, { 'ca.crt': registries.authority.certificate });
    });

    it('is asked with them, over TLS', async () => {
      expect(await registries.client({ credentials: ana }).digestOf(`${registry.host}/ana/web:1`)).toMatch(
        DIGEST,
      );
    });

    it.each([
      ['nobody', undefined],
      ['a wrong password', loginOf({ user: 'ana', password: 'wrong' })],
    ])('refuses %s', async (_, credentials) => {
      const asked = registries.client(credentials && { credentials }).digestOf(`${registry.host}/ana/web:1`);
      await expect(asked).rejects.toMatchObject({
        message: expect.stringMatching(/does not let us read: HEAD https:.* gave HTTP 401/),
        hint: `${credentials ? 'log in to' : 'docker login'} ${registry.host}`,
      });
    });

    it('is not trusted without its authority, or with another one', async () => {
      const { certificate } = await TestAuthority.make(registries.folder, 'other');
      const others = registries.trust(registry.host, { 'ca.crt': certificate }, 'others');
      const retries: string[] = [];
      for (const certificates of [() => undefined, others]) {
        const asked = registries.client({ certificates, onRetry: (line) => retries.push(line) });
        await expect(asked.digestOf(`${registry.host}/ana/web:1`)).rejects.toMatchObject({
          name: 'UserError',
          message: expect.stringMatching(/its certificate is not trusted \(\w+\) \(GET \S+, tried once\)/),
          hint: expect.stringContaining(`/etc/docker/certs.d/${registry.host}/ca.crt`),
        });
      }
      expect(retries).toEqual([]);
    });

    it('is not trusted under a name that its certificate has not', async () => {
      const host = `127.0.0.2:${registry.port}`;
      registries.trust(host, { 'ca.crt': registries.authority.certificate });
      const front = createServer((socket) => {
        const through = connect(registry.port, '127.0.0.1');
        pipeline(socket, through, socket).catch(() => undefined);
      });
      await new Promise<void>((resolve) => front.listen(registry.port, '127.0.0.2', resolve));
      try {
        await expect(registries.client({ tries: 1 }).digestOf(`${host}/ana/web:1`)).rejects.toMatchObject({
          message: expect.stringContaining('its certificate is not for the name 127.0.0.2'),
        });
      } finally {
        front.close();
      }
    });

    it('is trusted when Node was told to (NODE_EXTRA_CA_CERTS)', async () => {
      const script = `
        require('@swc-node/register');
        const { HttpRegistry } = require(${JSON.stringify(join(__dirname, 'http-registry'))});
        const credentials = { find: async () => ({ user: 'ana', password: 'pa:ss' }), advice: () => '' };
        const registry = new HttpRegistry({ credentials });
        registry.digestOf(process.argv[1]).then(console.log, (error) => console.log(error.message))
          .finally(() => registry.close());`;
      const workspace = join(__dirname, '../../..');
      const runner = new ProcessRunner({
        cwd: workspace,
        env: { TS_NODE_PROJECT: join(workspace, 'tsconfig.base.json'), SWC_NODE_IGNORE_DYNAMIC: '1' },
        timeoutMs: 20_000,
      });
      const argv = [process.execPath, '-e', script, `${registry.host}/ana/web:1`];
      const [trusting, other] = await Promise.all([
        runner.run(argv, { env: { NODE_EXTRA_CA_CERTS: registries.authority.certificate } }),
        runner.run(argv, { env: { NODE_EXTRA_CA_CERTS: undefined } }),
      ]);
      expect(trusting.stdout.trim()).toMatch(DIGEST);
      expect(other.stdout).toContain('its certificate is not trusted');
    });
  });

  it('is shown a client certificate when it asks for one', async () => {
    const { authority, tls } = registries;
    const clientAuthority = authority.certificate;
    const registry = await registries.start({ name: 'mutual', tls, clientAuthority });
    registries.trust(registry.host, { 'ca.crt': authority.certificate });
    await expect(registries.client().digestOf(`${registry.host}/ana/web:1`)).rejects.toMatchObject({
      message: expect.stringMatching(/it wants a client certificate that it knows|it closed the connection/),
      hint: expect.stringContaining(
        `a client certificate, put yours where docker finds it too: /etc/docker/certs.d/${registry.host}/`,
      ),
    });
    const pair = await authority.sign('client');
    registries.trust(registry.host, { 'client.cert': pair.certificate, 'client.key': pair.key });
    expect(await registries.client().digestOf(`${registry.host}/ana/web:1`)).toMatch(DIGEST);
  });
});
