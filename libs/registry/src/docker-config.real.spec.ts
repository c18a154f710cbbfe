import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { DockerCredentials } from './docker-config';
import { TestRegistries } from './testing-registries';
import type { TestRegistry } from './testing-registry';

jest.setTimeout(30_000);

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** A credential helper by docker's protocol; keeps one login, and counts how often it is asked for it. */
const helper = `#!/bin/sh
case $1 in
store) cat > "$STORE/login" ;;
get)
  echo get >> "$STORE/asked"
  cat > "$STORE/server"
  test -e "$STORE/login" || { echo 'credentials not found in native keychain'; exit 1; }
  cat "$STORE/login"
  ;;
*) exit 1 ;;
esac
`;

describe('a real registry that docker logged in to', () => {
  let registries: TestRegistries;
  let registry: TestRegistry;
  /** The folder of docker's configuration. */
  let docker: string;

  beforeAll(async () => {
    registries = await TestRegistries.start();
    registry = await registries.start({ name: 'docker', auth: registries.htpasswd });
  });
  afterEach(() => registries.closeClients());
  afterAll(() => registries?.stop());

  const configure = (config: object) => {
    docker = mkdtempSync(join(registries.folder, 'docker-'));
    writeFileSync(join(docker, 'config.json'), JSON.stringify(config));
    writeFileSync(join(docker, 'docker-credential-berth-test'), helper, { mode: 0o755 });
    const env = { PATH: `${docker}:${process.env['PATH']}`, STORE: docker };
    const runner = new ProcessRunner({ timeoutMs: 20_000, env });
    return { runner, credentials: new DockerCredentials(join(docker, 'config.json'), runner) };
  };
  const login = async (config: object) => {
    const { runner, credentials } = configure(config);
    const argv = [
      'docker',
      '--config',
      docker,
      'login',
      '--username',
      'ana',
      '--password-stdin',
      registry.host,
    ];
    await runner.run(argv, { input: 'pa:ss' });
    return credentials;
  };

  it('is asked with the login that docker wrote into its file', async () => {
    const credentials = await login({});
    expect(JSON.parse(readFileSync(join(docker, 'config.json'), 'utf8'))).toHaveProperty('auths');
    expect(await registries.client({ credentials }).digestOf(`${registry.host}/ana/web:1`)).toMatch(DIGEST);
  });

  it('is asked with the login that docker gave to a credential helper, which is asked once', async () => {
    const credentials = await login({ credsStore: 'berth-test' });
    expect(readFileSync(join(docker, 'config.json'), 'utf8')).not.toContain('"auth":');
    writeFileSync(join(docker, 'asked'), '');
    const asked = registries.client({ credentials });
    const tags = ['web:1', 'web:2', 'several:1'].map((name) => `${registry.host}/ana/${name}`);
    const [digest] = await Promise.all(tags.map((reference) => asked.digestOf(reference)));
    expect(digest).toMatch(DIGEST);
    expect(readFileSync(join(docker, 'asked'), 'utf8')).toBe('get\n');
    expect(readFileSync(join(docker, 'server'), 'utf8')).toBe(registry.host);
  });

  it('tells of a helper that is not installed', async () => {
    const { credentials } = configure({ credHelpers: { [registry.host]: `berth-${randomUUID()}` } });
    await expect(
      registries.client({ credentials }).digestOf(`${registry.host}/ana/web:1`),
    ).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        /^docker-credential-berth-\S+, which .* is not installed, or not in PATH/,
      ),
      hint: expect.stringContaining(`docker login ${registry.host}`),
    });
  });
});
