import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestAuthority } from '@berth/exec/src/testing-authority';
import { answerLine, askAddresses } from './ask-addresses';

/** A gateway: of each host what is behind it. */
describe('asking addresses', () => {
  let server: Server;
  let port: number;
  const statuses: Record<string, number> = { web: 200, api: 404, down: 503 };

  beforeAll(async () => {
    server = createServer(({ headers }, response) => {
      const status = statuses[headers.host?.split('-')[0] ?? ''];
      // Others are never answered.
      if (status !== undefined) response.writeHead(status).end('x'.repeat(100_000));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('tells who answers, who does not, and why, and waits for none of them', async () => {
    const at = (host: string, at = port) => `http://${host}-staging.localhost:${at}/`;
    const answers = await askAddresses([at('web'), at('api'), at('down'), at('silent'), at('web', 1)], 300);
    expect(answers.map(answerLine)).toEqual([
      `${at('web')} answers with status 200`,
      `${at('api')} answers with status 404`,
      `${at('down')} does not answer: the gateway has nobody behind it (status 503)`,
      `${at('silent')} does not answer: no answer in 0.3 s`,
      `${at('web', 1)} does not answer: ECONNREFUSED`,
    ]);
  });
});

it('asks over HTTPS by the name of the host, and says what is wrong with a certificate', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-ask-'));
  const { certificate, key } = await TestAuthority.make(folder, 'web-staging.localhost');
  const names: string[] = [];
  const server = createHttpsServer({
    cert: readFileSync(certificate),
    key: readFileSync(key),
    SNICallback: (name, done) => {
      names.push(name);
      done(null);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://web-staging.localhost:${(server.address() as AddressInfo).port}/`;
  const [answer] = await askAddresses([url]);
  server.close();
  rmSync(folder, { recursive: true });
  expect(names).toEqual(['web-staging.localhost']);
  expect(answer).toEqual({ url, problem: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});
