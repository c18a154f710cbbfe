import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordingRunner } from '@berth/exec';
import { DockerCredentials } from './docker-config';

describe('DockerCredentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'docker-config-'));
  const path = join(folder, 'config.json');
  let runner: RecordingRunner;

  beforeEach(() => {
    runner = new RecordingRunner({ strict: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const source = (config: object) => {
    writeFileSync(path, JSON.stringify(config));
    return new DockerCredentials(path, runner);
  };
  const auth = Buffer.from('ana:a:b').toString('base64');
  const ana = { user: 'ana', password: 'a:b' };

  it('reads what docker login wrote, a colon in the password included', async () => {
    expect(await source({ auths: { 'ghcr.io': { auth } } }).find('ghcr.io')).toEqual(ana);
  });

  it.each(['https://ghcr.io', 'https://ghcr.io/v2/', 'http://ghcr.io/'])(
    'finds a login under the older name %s',
    async (name) => {
      expect(await source({ auths: { [name]: { auth } } }).find('ghcr.io')).toEqual(ana);
    },
  );

  it("finds Docker Hub's login under its old address", async () => {
    const auths = { 'https://index.docker.io/v1/': { auth } };
    expect(await source({ auths }).find('docker.io')).toEqual(ana);
  });

  it('takes the identity token before the name beside it', async () => {
    const auths = { 'team.azurecr.io': { auth: 'MDAwMDA6', identitytoken: 'I' } };
    expect(await source({ auths }).find('team.azurecr.io')).toEqual({ identityToken: 'I' });
  });

  it("gives nothing for a registry that has no login, nor another registry's", async () => {
    expect(await source({ auths: { 'ghcr.io': { auth } } }).find('localhost:5000')).toBeUndefined();
    expect(await source({ auths: { 'ghcr.io': {} } }).find('ghcr.io')).toBeUndefined();
    expect(await source({ auths: null, credHelpers: null, credsStore: null }).find('a.b')).toBeUndefined();
    expect(await new DockerCredentials(join(folder, 'none'), runner).find('ghcr.io')).toBeUndefined();
  });

  it('asks the helper of the registry, that of all registries for the others, and each once', async () => {
    const login = (Username: string) => ({ stdout: JSON.stringify({ Username, Secret: 's' }) });
    runner
      .when(['docker-credential-gcloud'], login('gcloud'))
      .when(['docker-credential-pass'], login('pass'));
    const credentials = source({
      auths: { 'eu-docker.pkg.dev': { auth }, 'ghcr.io': { auth } },
      credHelpers: { 'eu-docker.pkg.dev': 'gcloud' },
      credsStore: 'pass',
    });
    const all = ['eu-docker.pkg.dev', 'ghcr.io', 'docker.io', 'eu-docker.pkg.dev', 'ghcr.io'];
    const found = await Promise.all(all.map((registry) => credentials.find(registry)));
    expect(found.map((login) => login && 'user' in login && login.user)).toEqual([
      'gcloud',
      'pass',
      'pass',
      'gcloud',
      'pass',
    ]);
    expect(runner.runs.map(({ argv, input }) => [argv.join(' '), input])).toEqual([
      ['docker-credential-gcloud get', 'eu-docker.pkg.dev'],
      ['docker-credential-pass get', 'ghcr.io'],
      ['docker-credential-pass get', 'https://index.docker.io/v1/'],
    ]);
  });

  it('reads the file for a registry whose helper is named empty', async () => {
    const credentials = source({
      auths: { 'ghcr.io': { auth } },
      credHelpers: { 'ghcr.io': '' },
      credsStore: 'pass',
    });
    expect(await credentials.find('ghcr.io')).toEqual(ana);
  });

  it('says of a refused login where it comes from', () => {
    const credentials = source({ credHelpers: { 'eu-docker.pkg.dev': 'gcloud' } });
    expect(credentials.advice('ghcr.io')).toBe('docker login ghcr.io');
    expect(credentials.advice('eu-docker.pkg.dev')).toContain(
      `docker-credential-gcloud, which ${path} names`,
    );
  });

  it('runs no program whose name it would have to make of a path', async () => {
    await expect(source({ credsStore: '../bin/sh' }).find('ghcr.io')).rejects.toMatchObject({
      name: 'UserError',
      message: `${path} names the credential helper "../bin/sh" for ghcr.io, which can be no program's name.`,
    });
  });

  it.each([
    ['{', 'is no JSON: line 1, column 2'],
    ['[]', 'is no Docker configuration: it must be an object'],
    ['{"auths":{"a":"b"}}', 'auths must be an object of objects'],
    ['{"credHelpers":["x"]}', 'credHelpers must be an object of names'],
    ['{"credsStore":3}', 'credsStore must be a name'],
  ])('names the file that is %s', async (text, message) => {
    writeFileSync(path, text);
    await expect(new DockerCredentials(path, runner).find('a.b')).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(new RegExp(`^${path} .*${message}`)),
      hint: 'Write it anew: docker login',
    });
  });
});
