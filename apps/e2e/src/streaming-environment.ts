import type { KubeClient } from '@berth/kube';
import { untilReady } from './cluster';
import { referenceEnvironment } from './reference-environment';

const program = `
  const forEver = (stream, piece) => {
    const timer = setInterval(() => stream.write(piece), 200);
    stream.on('error', () => undefined).on('close', () => clearInterval(timer));
  };
  require('node:http').createServer((request, response) => {
    if (request.url !== '/events') return response.end();
    response.setHeader('content-type', 'text/event-stream');
    forEver(response, 'data: now\\n\\n');
  }).listen(8080);
  require('node:http2').createServer().on('stream', (stream) => {
    stream.respond({ 'content-type': 'application/grpc' });
    forEver(stream, Buffer.alloc(5));
  }).listen(9090);
  process.on('SIGTERM', () => process.exit());
`;

/**
 * Starts a service whose answers never end: the events of `/events` at `reference-<namespace>.localhost`, and any call
 * of gRPC at `reference-grpc-<namespace>.localhost`. Resolves when it is ready.
 */
export async function serveStreams(client: KubeClient, namespace: string): Promise<void> {
  const [first, ...others] = await referenceEnvironment(client, namespace, {
    command: ['node', '--eval', program],
    ports: [
      { name: 'http', port: 8080, public: true },
      { name: 'grpc', port: 9090, appProtocol: 'grpc', public: true },
    ],
  });
  await client.apply(first!, { fieldManager: 'berth-e2e' });
  await Promise.all(others.map((object) => client.apply(object, { fieldManager: 'berth-e2e' })));
  await untilReady(client, namespace);
}
