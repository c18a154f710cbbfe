import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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
