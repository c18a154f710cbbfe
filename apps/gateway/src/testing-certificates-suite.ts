/* Only tests use this: which certificate the real nginx presents, and how it comes there. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeClient } from '@berth/kube';
import { WebSocket, WebSocketServer } from 'ws';
import { readCertificate, setText, type Certificate } from './certificate';
import { certificateFile, startCertificates } from './certificates';
import { kubernetesCertificates } from './kubernetes-source';
import { StandInApi } from './testing-api';
import { TestAuthority, type KeyPair } from './testing-authority';
import { routeTo, TestEndpoint } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { testLog, tlsSecret } from './testing-objects';
import { ask } from './testing-request';
import { askOverTls, shakeHands } from './testing-tls-client';
import { until } from './testing-until';

export function certificatesSuite(gateway: () => TestGateway): void {
  let authority: TestAuthority;
  let pairs: Record<'wildcard' | 'web' | 'renewed' | 'other', KeyPair>;
  beforeAll(async () => {
    authority = await TestAuthority.make();
    pairs = {
      wildcard: await authority.issue(['*.desk.test']),
      web: await authority.issue(['web.desk.test']),
      renewed: await authority.issue(['web.desk.test']),
      other: await authority.issue(['other.test'], ['rsa:2048']),
    };
  });
  afterAll(() => authority.remove());
  const closers: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  const read = (name: keyof typeof pairs): Certificate =>
    readCertificate(name, pairs[name].certificate, pairs[name].key, new Date());
  /** Name of the certificate that a client gets. */
  const presented = async (host: string | undefined): Promise<string | undefined> => {
    const { certificate } = await shakeHands(gateway().httpsPort, host);
    return Object.entries(pairs).find((entry) => entry[1].certificate === certificate)?.[0];
  };

  async function restart(): Promise<void> {
    await gateway().signal('KILL');
    await gateway().exitCode();
    await gateway().startAgain();
  }

  function put(body: string): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const request = http.request(
        { socketPath: gateway().socket, method: 'PUT', path: '/certificates', agent: false },
        (response) => {
          let text = '';
          response.on('data', (piece: Buffer) => (text += piece.toString()));
          response.on('end', () => resolve({ status: response.statusCode!, text }));
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  it('is one for just the host, else a wildcard, else the first', async () => {
    await gateway().present(read('other'), read('wildcard'), read('web'));
    for (const [host, name] of [
      ['web.desk.test', 'web'],
      ['WEB.Desk.test', 'web'],
      ['blotter.desk.test', 'wildcard'],
      ['desk.test', 'other'],
      ['a.blotter.desk.test', 'other'],
      ['other.test', 'other'],
      ['nobody.test', 'other'],
      ['*.desk.test', 'wildcard'],
      [undefined, 'other'],
    ] as const)
      expect([host, await presented(host)]).toEqual([host, name]);
  });

  it('comes with its chain', async () => {
    const { certificate, key } = await authority.issue(['web.desk.test']);
    const chain = readCertificate('chain', certificate + authority.certificate, key, new Date());
    await gateway().present(chain, read('other'));
    const issuer = async (host: string) => (await shakeHands(gateway().httpsPort, host)).issuer;
    expect(await issuer('web.desk.test')).toBe(authority.certificate);
    expect(await issuer('other.test')).toBeUndefined();
  });

  it('is another one from the moment it is set, and nothing that runs notices', async () => {
    const endpoint = await TestEndpoint.start(gateway().hostAddress);
    closers.push(() => endpoint.close());
    const sockets = new WebSocketServer({ server: endpoint.server });
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    const ca = authority.certificate;
    const { httpsPort } = gateway();
    await gateway().present(read('web'));
    await gateway().serve({ 'web.desk.test': routeTo([endpoint.address]) });
    const workers = await gateway().workers();

    const open = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const socket = new WebSocket(`wss://127.0.0.1:${httpsPort}/`, {
          agent: new https.Agent({ ca, servername: 'web.desk.test' }),
          headers: { host: 'web.desk.test' },
        });
        closers.push(() => socket.terminate());
        await once(socket, 'open');
        return socket;
      }),
    );
    const session = http2.connect(`https://127.0.0.1:${httpsPort}`, { ca, servername: 'web.desk.test' });
    closers.push(() => session.destroy());
    const overHttp2 = async (): Promise<unknown> => {
      const stream = session.request({ ':path': '/', ':authority': 'web.desk.test' });
      const [headers] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
      stream.resume();
      return headers[':status'];
    };
    let renewing = true;
    const answers: (number | string)[] = [];
    const keepAlive = new https.Agent({ keepAlive: true });
    closers.push(() => keepAlive.destroy());
    const load = [keepAlive, keepAlive, undefined, undefined].map(async (agent) => {
      while (renewing) {
        const asked = askOverTls(httpsPort, 'web.desk.test', { ca, ...(agent && { agent }) });
        answers.push((await asked.catch(({ message }: Error) => ({ status: message }))).status);
      }
    });
    closers.push(() => void (renewing = false));
    for (let round = 0; round < 20; round++) {
      const name = round % 2 ? 'web' : 'renewed';
      await gateway().present(read(name));
      // Of each worker, most likely.
      const found = await Promise.all([1, 2, 3, 4].map(() => presented('web.desk.test')));
      expect(found).toEqual([name, name, name, name]);
      expect(await overHttp2()).toBe(200);
    }
    renewing = false;
    await Promise.all(load);
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(answers.length).toBeGreaterThan(40);
    for (const socket of open) {
      const message = once(socket, 'message');
      socket.send('still');
      expect(String((await message)[0])).toBe('still');
    }
    expect(await gateway().workers()).toEqual(workers);
  });

  describe('stays as it was when what is sent is', () => {
    const body = (change: object = {}, generation: unknown = 1e6) =>
      JSON.stringify({ generation, certificates: [read('other'), { ...read('web'), ...change }] });
    it.each<[what: string, body: () => string, status: number]>([
      ['no JSON', () => '{"generation":', 400],
      ['a hexadecimal number', () => body().replace('1000000', '0xf4240'), 400],
      ['no set', () => '7', 400],
      ['without a number', () => body({}, 'next'), 400],
      ['empty', () => '{"generation":1000000,"certificates":[]}', 400],
      ['without certificates', () => '{"generation":1000000}', 400],
      ['a certificate that is none', () => body({ certificate: 'rubbish' }), 400],
      ['without a certificate', () => body({ certificate: undefined }), 400],
      [
        'a key that is none',
        () => body({ key: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' }),
        400,
      ],
      ['without names', () => body({ names: undefined }), 400],
      ['for a host with a space', () => body({ names: ['web.desk.test x'] }), 400],
      ['for a host in capitals', () => body({ names: ['Web.desk.test'] }), 400],
      ['overtaken on its way', () => body({}, 1), 409],
      ['more than 8 MB', () => `${body()}${' '.repeat(8 * 1024 * 1024)}`, 413],
    ])('%s', async (_, text, status) => {
      await gateway().present(read('wildcard'));
      const generation = await gateway().admin.certificatesGeneration();
      expect((await put(text())).status).toBe(status);
      expect(await gateway().admin.certificatesGeneration()).toBe(generation);
      expect(await presented('web.desk.test')).toBe('wildcard');
    });

    it('more than fits into the memory', async () => {
      const comment = 'what is before a certificate in PEM means nothing\n'.repeat(840);
      const many = Array.from({ length: 188 }, (_, index) => ({
        ...read('web'),
        names: [`web-${index}.desk.test`],
        certificate: comment + read('web').certificate,
      }));
      await gateway().present(read('wildcard'), ...many);
      await expect(gateway().present(read('other'), ...many)).rejects.toThrow(/507.*no memory/);
      expect(await presented('x.desk.test')).toBe('wildcard');
      await gateway().present(read('other'));
      expect(await presented('x.desk.test')).toBe('other');
    });
  });

  it('comes from the snapshot after kill -9, with nobody to give it', async () => {
    writeFileSync(gateway().certificates, setText({ generation: 70, certificates: [read('web')] }));
    await restart();
    expect(await gateway().admin.certificatesGeneration()).toBe(70);
    expect(await presented('web.desk.test')).toBe('web');
  });

  it('is none when the snapshot is rubbish: HTTP is served all the same, and nginx is not ready', async () => {
    const before = readFileSync(gateway().certificates, 'utf8');
    writeFileSync(gateway().certificates, '{"generation":8,"certificates":[{}]}');
    await restart();
    await gateway().serve({});
    const ready = async () => (await ask(gateway().healthPort, 'health', { path: '/readyz' })).status;
    await expect(presented('web.desk.test')).rejects.toThrow();
    expect((await ask(gateway().httpPort, 'web.desk.test')).status).toBe(404);
    expect(await ready()).toBe(503);
    await gateway().present(read('web'));
    expect(await presented('web.desk.test')).toBe('web');
    expect(await ready()).toBe(200);
    writeFileSync(gateway().certificates, before);
  });

  it('is what the controller makes of the Secrets: its own at first, theirs once they are there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-certificates-'));
    const api = new StandInApi();
    const server = await api.listen();
    const client = new KubeClient({ server, description: 'a stand-in', kubectl: 'kubectl' });
    const { log } = testLog();
    const certificates = await startCertificates({
      source: kubernetesCertificates(
        client,
        { namespace: 'admin', names: ['gateway-tls'] },
        () => new Date(),
      ),
      nginx: gateway().admin,
      snapshot: certificateFile(join(folder, 'certificates.json'), log, 1),
      log,
      now: () => new Date(),
      domains: ['desk.test'],
    });
    try {
      await until(() => certificates.status()[0]?.source === 'self-signed');
      const { certificate } = await shakeHands(gateway().httpsPort, 'web.desk.test');
      const kept = join(folder, 'certificates.json');
      await until(() => existsSync(kept) && readFileSync(kept, 'utf8').includes(JSON.stringify(certificate)));
      const session = http2.connect(`https://127.0.0.1:${gateway().httpsPort}`, {
        ca: certificate,
        servername: 'web.desk.test',
      });
      await once(session, 'connect');
      session.destroy();
      api.put('secrets', tlsSecret('gateway-tls', pairs.web));
      await until(
        () => presented('web.desk.test'),
        (name) => name === 'web',
      );
      api.put('secrets', tlsSecret('gateway-tls', { ...pairs.renewed, key: pairs.other.key }));
      await until(() => api.events.length === 1);
      expect(await presented('web.desk.test')).toBe('web');
      api.put('secrets', tlsSecret('gateway-tls', pairs.renewed));
      await until(
        () => presented('web.desk.test'),
        (name) => name === 'renewed',
      );
    } finally {
      await certificates.stop();
      client.close();
      await api.close();
      rmSync(folder, { recursive: true });
    }
  });
}
