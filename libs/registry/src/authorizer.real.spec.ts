import type { ServerResponse } from 'node:http';
import { TestAuthority } from '@berth/exec/src/testing-authority';
import { loginOf, TestRegistries } from './testing-registries';
import type { TestRegistry } from './testing-registry';
import { TestTokenServer } from './testing-token-server';

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const secret = loginOf({ user: 'ana', password: 'secret' });

describe('a real registry that wants a token, as Docker Hub', () => {
  let registries: TestRegistries;
  let tokens: TestTokenServer;
  let registry: TestRegistry;

  beforeAll(async () => {
    registries = await TestRegistries.start();
    const { authority, tls } = registries;
    tokens = await TestTokenServer.start(authority, tls);
    registry = await registries.start({ name: 'hub', auth: tokens.registryAuth, tls });
    for (const { host } of [registry, tokens]) registries.trust(host, { 'ca.crt': authority.certificate });
  });
  beforeEach(() => {
    tokens.asked.length = 0;
    tokens.fault = undefined;
    tokens.signer = registries.authority;
    tokens.seconds = 300;
  });
  afterEach(() => registries.closeClients());
  afterAll(async () => {
    await tokens?.stop();
    await registries?.stop();
  });

  it('gives everyone what is public, with one token for all tags', async () => {
    const hub = registries.client();
    expect(await hub.digestOf(`${registry.host}/library/nginx:1`)).toMatch(DIGEST);
    expect(await hub.digestOf(`${registry.host}/library/nginx:2`)).toBeUndefined();
    expect(tokens.asked).toEqual([
      {
        method: 'GET',
        parameters: { service: 'registry.docker.io', scope: 'repository:library/nginx:pull' },
      },
    ]);
  });

  it('fetches another token when the one it has ends', async () => {
    tokens.seconds = 0;
    const hub = registries.client();
    for (const tag of ['1', '1']) await hub.digestOf(`${registry.host}/library/nginx:${tag}`);
    expect(tokens.asked).toHaveLength(2);
  });

  it('gives who logs in what is theirs, and nobody else', async () => {
    const hub = registries.client({ credentials: secret });
    expect(await hub.digestOf(`${registry.host}/ana/web:1`)).toMatch(DIGEST);
    await expect(registries.client().digestOf(`${registry.host}/ana/web:1`)).rejects.toMatchObject({
      message: expect.stringMatching(/does not let us read: .* gave HTTP 401/),
      hint: `docker login ${registry.host}`,
    });
  });

  it('takes an identity token in place of user and password', async () => {
    const credentials = loginOf({ identityToken: 'identity of ana' });
    expect(await registries.client({ credentials }).digestOf(`${registry.host}/ana/web:1`)).toMatch(DIGEST);
    expect(tokens.asked).toEqual([
      { method: 'POST', parameters: expect.objectContaining({ grant_type: 'refresh_token' }) },
    ]);
  });

  it('lets who is logged in push to a repository that does not exist yet', async () => {
    expect(
      await registries.client({ credentials: secret }).digestOf(`${registry.host}/bob/new:1`),
    ).toBeUndefined();
  });

  it('says that the password is wrong, and what the token server said', async () => {
    const credentials = loginOf({ user: 'ana', password: 'wrong' });
    await expect(
      registries.client({ credentials }).digestOf(`${registry.host}/ana/web:1`),
    ).rejects.toMatchObject({
      message: `https://${tokens.host} gave no token for ${registry.host}/ana/web, asked as ana: HTTP 401 (incorrect username or password).`,
      hint: `log in to ${registry.host}`,
    });
  });

  it('refuses a token that another authority signed', async () => {
    tokens.signer = await TestAuthority.make(registries.folder, 'forger');
    await expect(registries.client().digestOf(`${registry.host}/library/nginx:1`)).rejects.toMatchObject({
      message: expect.stringMatching(/does not let us read: .* gave HTTP 401/),
    });
  });

  it('has a token server that is not trusted', async () => {
    const certificates = registries.trust(
      registry.host,
      { 'ca.crt': registries.authority.certificate },
      'registry-only',
    );
    await expect(
      registries.client({ certificates }).digestOf(`${registry.host}/library/nginx:1`),
    ).rejects.toMatchObject({
      message: expect.stringContaining(
        `https://${tokens.host} does not answer: its certificate is not trusted`,
      ),
      hint: expect.stringContaining(`/etc/docker/certs.d/${tokens.host}/ca.crt`),
    });
  });

  it.each([429, 500, 503])('has a token server that answers %s once', async (code) => {
    let faults = 0;
    tokens.fault = (response) => {
      if (faults++ > 0) return false;
      response.writeHead(code, { 'retry-after': '0.01' }).end();
      return true;
    };
    expect(await registries.client().digestOf(`${registry.host}/library/nginx:1`)).toMatch(DIGEST);
    expect(tokens.asked).toHaveLength(2);
  });

  it.each([
    [403, {}, 1, /asked without a login: HTTP 403/, /^docker login/],
    [429, { 'retry-after': '21600' }, 1, /HTTP 429/, /^Wait/],
    [500, {}, 4, /HTTP 500/, /curl -i https/],
  ])('has a token server that answers %s %j each time', async (code, headers, times, message, hint) => {
    tokens.fault = (response) => {
      response.writeHead(code, headers).end();
      return true;
    };
    await expect(registries.client().digestOf(`${registry.host}/library/nginx:1`)).rejects.toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(tokens.asked).toHaveLength(times);
  });

  it('has a token server that is gone in the middle of its answer', async () => {
    let faults = 0;
    tokens.fault = (response) => faults++ === 0 && cutBody(response);
    expect(await registries.client().digestOf(`${registry.host}/library/nginx:1`)).toMatch(DIGEST);
    tokens.fault = cutBody;
    await expect(registries.client().digestOf(`${registry.host}/library/nginx:1`)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/https:\S+ does not answer: .*\(GET \S+\/token\S*, tried 4 times\)/),
    });
  });
});

/** Ends the connection in the middle of an answer's body. */
function cutBody(response: ServerResponse): boolean {
  response.writeHead(200, { 'content-length': '100', 'content-type': 'application/json' });
  response.write('{', () => response.socket?.destroy());
  return true;
}
