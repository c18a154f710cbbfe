import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { writeWhole } from '@berth/exec';

const fallback = 8080;

interface LocalEnvironment {
  services?: { gateway?: { ports?: { name: string; nodePort?: number }[] } };
}

/**
 * The port at which the gateway answers on this machine. What was asked for is kept in admin's env.local.json
 * (which Git ignores and only deploy reads), so that the next start takes the same.
 */
export async function gatewayPort(root: string, asked: number | undefined): Promise<number> {
  const kept = keptPort(root);
  const port = asked ?? kept ?? ((await taken(80)) ? fallback : 80);
  if (port !== (kept ?? 80)) keep(root, port);
  return port;
}

const localFile = (root: string) => join(root, 'deploy/environments/admin/env.local.json');

function keptPort(root: string): number | undefined {
  if (!existsSync(localFile(root))) return undefined;
  const local = JSON.parse(readFileSync(localFile(root), 'utf8')) as LocalEnvironment;
  return local.services?.gateway?.ports?.find((port) => port.name === 'http')?.nodePort;
}

function keep(root: string, nodePort: number): void {
  const service = JSON.parse(readFileSync(join(root, 'apps/gateway/service.json'), 'utf8')) as {
    ports: { name: string }[];
  };
  // A deep merge replaces arrays: the whole list is written, with one number changed.
  const ports = service.ports.map((port) => (port.name === 'http' ? { ...port, nodePort } : port));
  const content = `${JSON.stringify({ services: { gateway: { ports } } }, null, 2)}\n`;
  writeWhole({ path: localFile(root), content });
}

/** Whether another program listens there; a NodePort of the cluster is a rule of the kernel and no listener. */
function taken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    server.listen({ port, host: '0.0.0.0' }, () => server.close(() => resolve(false)));
  });
}
