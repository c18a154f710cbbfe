/* Only tests use this: connections to endpoints that wait for the next request. */
import http from 'node:http';
import { asidePlace } from './testing-aside-place';
import { routeTo, TestEndpoint } from './testing-endpoint';
import type { TestGateway } from './testing-gateway';
import { answeringEach, RawEndpoint } from './testing-raw-endpoint';
import { ask } from './testing-request';
import { until } from './testing-until';

export function keptConnectionsSuite(gateway: () => TestGateway): void {
  const HOST = 'kept.localhost';
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  /** Over one connection, so that one worker has all the requests. */
  function asker(): (method: string, body?: string) => Promise<number> {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    closers.push(() => agent.destroy());
    return async (method, body) => {
      const options = { method, agent, ...(body !== undefined && { body }) };
      return (await ask(gateway().httpPort, HOST, options)).status;
    };
  }

  /**
   * One whose place among those that are set aside no other has had, of those that earlier tests let fail: Lua would have
   * the requests to it, which keeps connections of its own.
   */
  async function startApart<Endpoint extends { address: string; close(): unknown }>(
    start: () => Promise<Endpoint>,
  ): Promise<Endpoint> {
    const failed = (await gateway().logs()).join('\n').matchAll(/endpoint (\S+) cannot be reached/g);
    const taken = new Set([...failed].map(([, address = '']) => asidePlace(address)));
    for (;;) {
      const endpoint = await start();
      closers.push(() => endpoint.close());
      if (!taken.has(asidePlace(endpoint.address))) return endpoint;
    }
  }

  /** Closes each connection when a second request comes over it. */
  function startForgetful(): Promise<RawEndpoint> {
    const answer = answeringEach('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    return startApart(() =>
      RawEndpoint.start(gateway().hostAddress, (socket, received) => {
        if (methodsOf(received()).length > 1) socket.destroy();
        else answer(socket, received);
      }),
    );
  }

  const methodsOf = (received: string) =>
    [...received.matchAll(/^([A-Z]+) \/ /gm)].map(([, method]) => method);

  it('repeats on a new connection what came over one that the only endpoint has just closed', async () => {
    const endpoint = await startForgetful();
    await gateway().serve({ [HOST]: routeTo([endpoint.address]) });
    const status = asker();
    for (let request = 0; request < 3; request++) expect(await status('GET')).toBe(200);
    expect(endpoint.received.map(methodsOf)).toEqual([['GET', 'GET'], ['GET', 'GET'], ['GET']]);
  });

  it('does not repeat what may not be done twice when the endpoint has just closed its connection', async () => {
    const endpoint = await startForgetful();
    await gateway().serve({ [HOST]: routeTo([endpoint.address]) });
    const status = asker();
    expect(await status('GET')).toBe(200);
    expect(await status('POST', 'trade')).toBe(502);
    expect(endpoint.received.map(methodsOf)).toEqual([['GET', 'POST']]);
  });

  it('repeats at another endpoint first, and on new connections only', async () => {
    const found = [await startForgetful(), await startForgetful()];
    await gateway().serve({ [HOST]: routeTo(found.map(({ address }) => address)) });
    const status = asker();
    for (let request = 0; request < 3; request++) expect(await status('GET')).toBe(200);
    // The third came to the first endpoint again, and then to the second.
    const asked = found.map(({ received }) => received.map(methodsOf));
    expect(asked).toContainEqual([['GET', 'GET']]);
    expect(asked).toContainEqual([['GET'], ['GET']]);
  });

  it('has connections that were idle for long for what it can repeat, and new ones for the rest', async () => {
    const endpoint = await startApart(() => TestEndpoint.start(gateway().hostAddress));
    // Longer than nginx keeps it.
    endpoint.server.keepAliveTimeout = 60_000;
    await gateway().serve({ [HOST]: routeTo([endpoint.address]) });
    const status = asker();
    const untilIdleForLong = (since = performance.now()) =>
      until(
        () => performance.now() - since,
        (milliseconds) => milliseconds > 4500,
        6000,
      );
    await status('GET');
    await untilIdleForLong();
    await status('GET');
    expect(endpoint.connections).toBe(1);
    await untilIdleForLong();
    await status('POST', 'trade');
    expect(endpoint.connections).toBe(2);
  });
}
