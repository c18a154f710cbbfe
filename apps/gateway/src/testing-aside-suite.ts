/* Only tests use this: endpoints that nobody can connect to, behind the real nginx. */
import http from 'node:http';
import { refusedAddress, routeTo, TestEndpoint } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { ask } from './testing-request';
import { until } from './testing-until';

export function asideSuite(gateway: () => TestGateway): void {
  const endpoints: TestEndpoint[] = [];
  const start = async (address?: string): Promise<TestEndpoint> => {
    const port = address === undefined ? 0 : Number(address.split(':').at(-1));
    const endpoint = await TestEndpoint.start(gateway().hostAddress, undefined, port);
    endpoints.push(endpoint);
    return endpoint;
  };
  afterEach(async () => {
    await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.close()));
  });
  const status = async (host: string, method = 'GET') =>
    (await ask(gateway().httpPort, host, { method })).status;
  const failures = async (host: string) =>
    (await gateway().metrics()).get(
      `berth_gateway_endpoint_failures_total{environment="staging",service="web",host="${host}"}`,
    ) ?? 0;

  it('are asked once by each worker at most, and then set aside', async () => {
    const away = await refusedAddress(gateway().hostAddress);
    const { address, seen } = await start();
    await gateway().serve({ 'aside.localhost': routeTo([away, address]) });
    for (let round = 0; round < 60; round++) expect(await status('aside.localhost')).toBe(200);
    expect(seen).toHaveLength(60);
    const failed = await until(() => failures('aside.localhost'));
    expect(failed).toBeLessThanOrEqual(2);
    expect((await gateway().metrics()).get('berth_gateway_endpoints_aside')).toBeGreaterThanOrEqual(1);
    const told = (await gateway().logs()).filter((line) => line.includes(`${away} cannot be reached`));
    expect(told.length).toBeGreaterThanOrEqual(1);
  });

  it('are used again when they can be reached, for which no request is risked', async () => {
    const away = await refusedAddress(gateway().hostAddress);
    const { address } = await start();
    await gateway().serve({ 'back.localhost': routeTo([away, address]) });
    await until(async () => {
      await status('back.localhost');
      return failures('back.localhost');
    });
    const failed = await failures('back.localhost');
    const back = await start(away);
    await until(async () => {
      expect(await status('back.localhost')).toBe(200);
      return back.seen.length;
    });
    // The trial, and the requests that came after it.
    expect(back.connections).toBeGreaterThan(1);
    const told = (await gateway().logs()).filter((line) => line.includes(`${away} can be reached again`));
    expect(told).toHaveLength(1);
    expect(await failures('back.localhost')).toBeLessThanOrEqual(failed + 1);
  });

  it('are all used when all are set aside, so that none is missed that is back', async () => {
    const away = [await refusedAddress(gateway().hostAddress), await refusedAddress(gateway().hostAddress)];
    await gateway().serve({ 'all.localhost': routeTo(away) });
    for (let round = 0; round < 4; round++) expect(await status('all.localhost')).toBe(502);
    await start(away[0]);
    for (let round = 0; round < 6; round++) expect(await status('all.localhost', 'POST')).toBe(200);
  });

  it('are set aside too when nothing answers at all and clients do not wait for that', async () => {
    // Nobody has this address, and packets to it are lost.
    const nobody = gateway().hostAddress.replace(/\d+\.\d+$/, '255.253:80');
    const { address } = await start();
    await gateway().serve({ 'lost.localhost': routeTo([nobody, address]) });
    const impatient = (): Promise<void> =>
      new Promise((resolve) => {
        const options = { host: '127.0.0.1', port: gateway().httpPort, headers: { host: 'lost.localhost' } };
        const request = http.get({ ...options, agent: false, timeout: 1300 }, (response) =>
          response.resume(),
        );
        request.on('timeout', () => request.destroy());
        request.on('error', () => undefined);
        request.on('close', resolve);
      });
    await until(
      async () => {
        await impatient();
        return failures('lost.localhost');
      },
      Boolean,
      10_000,
    );
    const started = performance.now();
    for (let round = 0; round < 20; round++) expect(await status('lost.localhost')).toBe(200);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('are those to which no connection comes about, not those that are slow with an answer', async () => {
    let asked = 0;
    const hanging = await TestEndpoint.start(gateway().hostAddress, () => void asked++);
    endpoints.push(hanging);
    await gateway().serve({ 'slow.localhost': routeTo([hanging.address], { proxy: { readTimeout: 1 } }) });
    expect(await status('slow.localhost', 'POST')).toBe(504);
    await gateway().serve({
      'slow.localhost': routeTo([hanging.address, (await start()).address], { proxy: { readTimeout: 1 } }),
    });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let round = 0; round < 2; round++)
      await ask(gateway().httpPort, 'slow.localhost', { agent, method: 'POST' });
    agent.destroy();
    expect(asked).toBe(2);
    expect((await gateway().logs()).join('\n')).not.toContain(`${hanging.address} cannot be reached`);
  });
}
