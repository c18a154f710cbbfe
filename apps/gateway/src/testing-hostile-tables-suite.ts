/* Only tests use this: tables that mean harm, at the admin socket. */
import http from 'node:http';
import { routeTable } from '@berth/routes';
import fc from 'fast-check';
import { routeTo } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { hostileCluster, hostileText } from './testing-hostile-services';
import { ask } from './testing-request';
import { tableBody } from './testing-table-body';

export function hostileTablesSuite(gateway: () => TestGateway): void {
  function send(method: string, body: string | Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      const request = http.request(
        { socketPath: gateway().socket, method, path: '/table', agent: false },
        (response) => response.resume().on('end', () => resolve(response.statusCode!)),
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  it('takes whatever comes of hostile Services, so that none of them can stop the changes of others', async () => {
    await fc.assert(
      fc.asyncProperty(hostileCluster, async (observed) => {
        const { routes } = routeTable(observed);
        await gateway().change(Object.fromEntries(routes));
        await gateway().change({}, [...routes.keys()]);
      }),
      { numRuns: 100 },
    );
  });

  it('answers a change that may be anything with 200, or refuses it and changes nothing', async () => {
    const endpoint = fc.oneof(
      fc.constantFrom(
        '10.0.0.1:80',
        '[fd00::1]:80',
        '999.999.999.999:80',
        '[::::]:80',
        '10.0.0.1:0',
        '/run/x.sock',
      ),
      hostileText,
    );
    const route = fc.record(
      {
        ...{ environment: hostileText, service: hostileText, port: hostileText },
        protocol: fc.oneof(fc.constantFrom('http', 'grpc', 'h2c'), hostileText),
        endpoints: fc.oneof(
          fc.array(endpoint, { maxLength: 3 }),
          fc.object({ maxDepth: 6 }),
          fc.constant(null),
        ),
        proxy: fc.oneof(
          fc.object(),
          fc.record({ bodySize: hostileText, path: hostileText, readTimeout: fc.double() }),
        ),
      },
      { requiredKeys: ['environment', 'service', 'port'] },
    );
    const set = fc.oneof(
      fc.dictionary(fc.oneof(fc.constantFrom('fuzz-a.localhost', 'fuzz-b'), hostileText), route, {
        maxKeys: 3,
      }),
      fc.jsonValue(),
    );
    const taken: number[] = [];
    await fc.assert(
      fc.asyncProperty(set, fc.oneof(fc.constant([]), fc.jsonValue()), async (hostile, remove) => {
        const from = await gateway().admin.generation();
        const change = tableBody({ from, generation: from + 1, remove }, 'set', hostile);
        const status = await send('PATCH', change);
        taken.push(status);
        expect([200, 400]).toContain(status);
        expect(await gateway().admin.generation()).toBe(status === 200 ? from + 1 : from);
      }),
      { numRuns: 200 },
    );
    expect(new Set(taken)).toEqual(new Set([200, 400]));
  });

  it('refuses bodies that are no JSON, or that go too deep, and bytes that are no text', async () => {
    const from = await gateway().admin.generation();
    for (const body of [
      '['.repeat(100_000),
      '{"a":'.repeat(1000),
      `{"generation":1e999,"routes":{\n}}`,
      `{"generation":NaN,"routes":{\n}}`,
      `{"generation":-1,"routes":{\n}}`,
      `{"generation":0x7fffffff,"routes":{\n}}`,
      `{"generation":9007199254740993,"routes":{\n}}`,
      `{"generation":${from + 1},"routes":{\n"a\\u0000b":{}\n}}`,
      `{"generation":${from + 1},"routes":{\n"a\\ud800":{}\n}}`,
      `{"generation":${from + 1},"routes":{\n"a":[[[[[[[[[[1]]]]]]]]]]\n}}`,
      `{"generation":${from + 1},"routes":{\n"a":${'['.repeat(100_000)}\n}}`,
      Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
    ]) {
      for (const method of ['PUT', 'PATCH']) {
        const shown = String(body).slice(0, 60);
        expect([shown, await send(method, body)]).toEqual([shown, 400]);
      }
    }
    expect(await gateway().admin.generation()).toBe(from);
  });

  it('answers for a route to what is no address with an error of its own', async () => {
    await gateway().change({ 'no-address.localhost': routeTo(['[::::]:80']) });
    expect((await ask(gateway().httpPort, 'no-address.localhost')).status).toBe(500);
    await gateway().change({}, ['no-address.localhost']);
  });
}
