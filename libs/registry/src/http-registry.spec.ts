import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { UserError } from '@berth/model';
import type { Credentials, CredentialSource } from './credentials';
import { HttpRegistry, type HttpRegistryOptions } from './http-registry';

const digest = `sha256:${'b'.repeat(64)}`;

const loginFor = (known: string, login: Credentials): CredentialSource => ({
  find: async (registry) => (registry === known ? login : undefined),
  advice: (registry) => `log in to ${registry}`,
});

describe('HttpRegistry', () => {
  let server: Server;
  let host: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** To the question whether it is a registry. */
  let greeting: typeof answer;
  let greetings: number;
  let seen: IncomingMessage[];
  let registry: HttpRegistry;

  const start = (options: HttpRegistryOptions = {}) => {
    registry = new HttpRegistry({ pauseMs: 1, ...options });
    return registry;
  };

  beforeEach((done) => {
    seen = [];
    greetings = 0;
    greeting = (_, response) => response.end('{}');
    registry = new HttpRegistry();
    server = createServer((request, response) => {
      if (request.url === '/v2/') {
        greetings++;
        greeting(request, response);
        return;
      }
      seen.push(request);
      answer(request, response);
    }).listen(0, '127.0.0.1', () => {
      host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  afterEach(async () => {
    server.closeAllConnections();
    registry.close();
    await new Promise((resolve) => server.close(resolve));
  });

  /** With a length, as registries answer: without one, Node ends the connection after a HEAD. */
  const found = (response: ServerResponse) =>
    response.writeHead(200, { 'docker-content-digest': digest, 'content-length': 2 }).end();
  const status =
    (code: number, headers = {}) =>
    (_: IncomingMessage, response: ServerResponse) =>
      response.writeHead(code, headers).end();

  it('gives the digest of a tag, asked by HEAD for every kind of manifest', async () => {
    answer = (_, response) => found(response);
    expect(await start().digestOf(`${host}/berth/web:1`)).toBe(digest);
    expect(seen.map(({ method, url }) => [method, url])).toEqual([['HEAD', '/v2/berth/web/manifests/1']]);
    expect(seen[0]?.headers.accept).toContain('application/vnd.oci.image.manifest.v1+json');
    expect(seen[0]?.headers.accept).toContain('application/vnd.docker.distribution.manifest.v2+json');
  });

  it('says undefined for what is not there, without asking again', async () => {
    answer = status(404);
    expect(await start().digestOf(`${host}/berth/web:1`)).toBeUndefined();
    expect(await registry.has(`${host}/berth/web:2`)).toBe(false);
    expect(seen).toHaveLength(2);
  });

  it('asks again after an error of the server, and tells of it', async () => {
    const retries: string[] = [];
    answer = (request, response) => (seen.length < 3 ? status(503)(request, response) : found(response));
    expect(await start({ onRetry: (line) => retries.push(line) }).digestOf(`${host}/a/b:1`)).toBe(digest);
    expect(retries).toEqual([
      `HEAD http://${host}/v2/a/b/manifests/1: HTTP 503; try 2 of 4`,
      `HEAD http://${host}/v2/a/b/manifests/1: HTTP 503; try 3 of 4`,
    ]);
  });

  it('never takes an error of the server for an absent image', async () => {
    answer = status(500);
    await expect(start().digestOf(`${host}/a/b:1`)).rejects.toThrow(
      `HEAD http://${host}/v2/a/b/manifests/1 gave HTTP 500`,
    );
    expect(seen).toHaveLength(4);
  });

  it('says what was tried and what to type when nothing listens', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    await expect(start().digestOf(`localhost:${port}/a/b:1`)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/does not answer: .*ECONNREFUSED.* \(GET \S+\/v2\/, tried 4 times\)/),
      hint: expect.stringContaining(`See whether it runs: curl -i http://localhost:${port}/v2/`),
    });
  });

  it('asks once whether it is a registry, tells of a fault once, and asks anew after it', async () => {
    const retries: string[] = [];
    const well = greeting;
    greeting = status(503);
    answer = (_, response) => found(response);
    start({ onRetry: (line) => retries.push(line) });
    const names = ['1', '2', '3'].map((tag) => `${host}/a/b:${tag}`);
    const refused = await Promise.all(names.map((name) => registry.digestOf(name).catch((e: unknown) => e)));
    expect(new Set(refused).size).toBe(1);
    expect(refused[0]).toMatchObject({ message: expect.stringContaining('/v2/ gave HTTP 503') });
    expect(retries).toHaveLength(3);
    greeting = well;
    expect(await Promise.all(names.map((name) => registry.digestOf(name)))).toEqual([digest, digest, digest]);
    expect(greetings).toBe(5);
  });

  it.each([
    ['404', 404, { 'content-type': 'text/plain' }],
    ['a page', 200, { 'content-type': 'text/html; charset=utf-8' }],
    ['a page that refuses', 403, { 'content-type': 'text/html' }],
  ])('does not take what answers /v2/ with %s for a registry without images', async (_, code, headers) => {
    greeting = status(code, headers);
    answer = status(404);
    await expect(start().digestOf(`${host}/a/b:1`)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(`What answers at http://${host} is no image registry`),
      hint: expect.stringContaining(`curl -i http://${host}/v2/`),
    });
    expect(seen).toEqual([]);
  });

  it('waits as long as a registry asks for, and says what to do when that does not help', async () => {
    const asked: number[] = [];
    greeting = (request, response) => {
      asked.push(performance.now());
      status(429, { 'retry-after': '0.05' })(request, response);
    };
    await expect(start().digestOf(`${host}/a/b:1`)).rejects.toMatchObject({
      message: expect.stringContaining('gave HTTP 429'),
      hint: expect.stringContaining(`docker login ${host}`),
    });
    expect(asked).toHaveLength(4);
    for (const [index, at] of asked.slice(1).entries()) expect(at - (asked[index] ?? 0)).toBeGreaterThan(49);
  });

  it.each(['HEAD', 'GET'])('gives up on one that stays silent after a %s', async (method) => {
    if (method === 'GET') greeting = () => undefined;
    answer = () => undefined;
    await expect(start({ timeoutMs: 50, tries: 2 }).digestOf(`${host}/a/b:1`)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(new RegExp(`stays silent.*\\(${method} .*tried 2 times\\)`)),
    });
  });

  it('names the registry whose name does not resolve', async () => {
    await expect(start({ tries: 1 }).digestOf('registry.invalid/a/b:1')).rejects.toMatchObject({
      message: expect.stringMatching(/the name registry\.invalid does not resolve \((ENOTFOUND|EAI_AGAIN)\)/),
      hint: expect.stringContaining('getent hosts registry.invalid'),
    });
  });

  it('keeps to its bound of connections', async () => {
    let now = 0;
    let most = 0;
    const waiting: ServerResponse[] = [];
    answer = (_, response) => {
      most = Math.max(most, ++now);
      waiting.push(response);
      // Answers only when as many wait as may, so that more would be seen if they came.
      if (waiting.length === 3) {
        setImmediate(() => {
          for (const held of waiting.splice(0)) {
            now--;
            found(held);
          }
        });
      }
    };
    const asked = Array.from({ length: 30 }, (_, index) => `${host}/a/b:${index}`);
    start({ connections: 3 });
    const digests = await Promise.all(asked.map((name) => registry.digestOf(name)));
    expect(digests).toEqual(asked.map(() => digest));
    expect(most).toBe(3);
  });

  it('asks for one image after the other over the same connections', async () => {
    const connections = new Set<Socket>();
    server.on('connection', (socket) => connections.add(socket));
    answer = (_, response) => found(response);
    start({ connections: 3 });
    for (let round = 0; round < 5; round++) {
      const asked = Array.from({ length: 6 }, (_, index) => `${host}/a/b:${round}-${index}`);
      await Promise.all(asked.map((name) => registry.digestOf(name)));
    }
    expect(seen).toHaveLength(30);
    expect(connections.size).toBeLessThanOrEqual(3);
  });

  it('takes no fault of a kept connection for one of the registry', async () => {
    const retries: string[] = [];
    const used = new Set<Socket>();
    answer = ({ socket }, response) => {
      if (used.has(socket)) return void socket.destroy();
      used.add(socket);
      return found(response);
    };
    start({ onRetry: (line) => retries.push(line), tries: 1 });
    for (const tag of ['1', '2', '3']) expect(await registry.digestOf(`${host}/a/b:${tag}`)).toBe(digest);
    expect(used.size).toBe(3);
    expect(seen).toHaveLength(5);
    expect(retries).toEqual([]);
  });

  it('fetches an anonymous token where the registry asks for one, and keeps it', async () => {
    answer = (request, response) => {
      if (request.url?.startsWith('/token')) {
        response.end(JSON.stringify({ token: 'T', expires_in: 300 }));
      } else if (request.headers.authorization === 'Bearer T') found(response);
      else {
        const realm = `Bearer realm="http://${host}/token",service="reg, istry",scope="repository:a/b:pull"`;
        status(401, { 'www-authenticate': realm })(request, response);
      }
    };
    expect(await start().digestOf(`${host}/a/b:1`)).toBe(digest);
    expect(await registry.digestOf(`${host}/a/b:2`)).toBe(digest);
    expect(seen.map(({ url }) => url)).toEqual([
      '/v2/a/b/manifests/1',
      '/token?service=reg%2C+istry&scope=repository%3Aa%2Fb%3Apull',
      '/v2/a/b/manifests/1',
      '/v2/a/b/manifests/2',
    ]);
  });

  it('answers a basic challenge with the login of that registry', async () => {
    const expected = `Basic ${Buffer.from('ana:pa:ss').toString('base64')}`;
    answer = (request, response) =>
      request.headers.authorization === expected
        ? found(response)
        : status(401, { 'www-authenticate': 'Basic realm="x"' })(request, response);
    const credentials = loginFor(host, { user: 'ana', password: 'pa:ss' });
    expect(await start({ credentials }).digestOf(`${host}/a/b:1`)).toBe(digest);
  });

  it('sends no login to a token server that could be listened to', async () => {
    answer = status(401, { 'www-authenticate': 'Bearer realm="http://tokens.example.com/t"' });
    const credentials = loginFor(host, { user: 'ana', password: 'secret' });
    await expect(start({ credentials }).digestOf(`${host}/a/b:1`)).rejects.toMatchObject({
      message: expect.stringContaining('"http://tokens.example.com/t", which is no https address'),
      hint: expect.stringContaining('"insecureRegistries"'),
    });
    expect(seen).toHaveLength(1);
  });

  it('sends no password where only the login of a token server is wanted, and no token as one', async () => {
    answer = status(401, { 'www-authenticate': 'Basic realm="x"' });
    const credentials = loginFor(host, { identityToken: 'T' });
    await expect(start({ credentials }).digestOf(`${host}/a/b:1`)).rejects.toMatchObject({
      hint: `log in to ${host}`,
    });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('trades an identity token for a token, by OAuth', async () => {
    const forms: string[] = [];
    answer = (request, response) => {
      if (request.url === '/token') {
        expect(request.headers['content-type']).toBe('application/x-www-form-urlencoded');
        request.setEncoding('utf8').on('data', (text: string) => forms.push(text));
        request.on('end', () => response.end(JSON.stringify({ access_token: 'A', expires_in: 300 })));
      } else if (request.headers.authorization === 'Bearer A') found(response);
      else {
        const realm = `Bearer realm="http://${host}/token",service="reg",scope="repository:a/b:pull"`;
        status(401, { 'www-authenticate': realm })(request, response);
      }
    };
    const credentials = loginFor(host, { identityToken: 'I=&' });
    expect(await start({ credentials }).digestOf(`${host}/a/b:1`)).toBe(digest);
    expect(forms.map((form) => Object.fromEntries(new URLSearchParams(form)))).toEqual([
      {
        grant_type: 'refresh_token',
        refresh_token: 'I=&',
        client_id: 'berth',
        service: 'reg',
        scope: 'repository:a/b:pull',
      },
    ]);
  });

  it('speaks plain http to no other machine that it was not allowed for', async () => {
    const refused = async (options: HttpRegistryOptions) => {
      const asked = new HttpRegistry({ tries: 1, ...options });
      const error = await asked.digestOf('registry.invalid:5000/a/b:1').catch((thrown: Error) => thrown);
      asked.close();
      return String(error);
    };
    expect(await refused({})).toContain('GET https://registry.invalid:5000/v2/');
    expect(await refused({ insecureRegistries: ['registry.invalid:5001'] })).toContain('GET https://');
    expect(await refused({ insecureRegistries: ['registry.invalid:5000'] })).toContain('GET http://');
  });

  it('tells of certificates that cannot be used, once and at once', async () => {
    const broken = new UserError('ca.crt is no certificate');
    const certificates = () => {
      throw broken;
    };
    const asked = start({ certificates }).digestOf('registry.invalid/a/b:1');
    await expect(asked).rejects.toBe(broken);
  });

  it('gives up at once when it is asked to wait longer than anyone would, and says how long', async () => {
    greeting = status(429, { 'retry-after': '21600' });
    await expect(start().digestOf(`${host}/a/b:1`)).rejects.toMatchObject({
      message: expect.stringContaining('gave HTTP 429, to be asked again after 21600 s'),
    });
    expect(greetings).toBe(1);
  });

  describe('a token that does not reach as far as the repository', () => {
    beforeEach(() => {
      answer = (request, response) => {
        if (request.url?.startsWith('/token')) return response.end(JSON.stringify({ token: 'T' }));
        const realm = `Bearer realm="http://${host}/token",service="reg",scope="repository:a/b:pull"`;
        const error = request.headers.authorization ? ',error="insufficient_scope"' : '';
        return status(401, { 'www-authenticate': realm + error })(request, response);
      };
    });

    it('is how a repository looks that does not exist yet', async () => {
      const credentials = loginFor(host, { user: 'ana', password: 'secret' });
      expect(await start({ credentials }).digestOf(`${host}/a/b:1`)).toBeUndefined();
    });

    it('asks for a login where there is none', async () => {
      await expect(start().digestOf(`${host}/a/b:1`)).rejects.toMatchObject({
        message: expect.stringContaining('gave HTTP 401'),
        hint: `docker login ${host}`,
      });
    });
  });

  it('says how to log in when the registry refuses', async () => {
    answer = status(401, { 'www-authenticate': 'Basic realm="x"' });
    await expect(start().digestOf(`${host}/a/b:1`)).rejects.toMatchObject({
      message: expect.stringContaining('gave HTTP 401'),
      hint: expect.stringContaining(`docker login ${host}`),
    });
  });
});
