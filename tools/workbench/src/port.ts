import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { writeWhole } from '@berth/exec';
import { JsonSyntaxError, readJson, UserError } from '@berth/model';

const fallback = 8080;

interface Gateway {
  ports?: { name: string; nodePort?: number }[];
}

interface LocalEnvironment {
  services?: { gateway?: Gateway };
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
  return portsOf(readLocal(root))?.find((port) => port.name === 'http')?.nodePort;
}

function keep(root: string, nodePort: number): void {
  const local = readLocal(root);
  const service = JSON.parse(readFileSync(join(root, 'apps/gateway/service.json'), 'utf8')) as Gateway;
  // A deep merge replaces arrays: the whole list is written, with one number changed.
  const ports = (portsOf(local) ?? service.ports ?? []).map((port) =>
    port.name === 'http' ? { ...port, nodePort } : port,
  );
  const services = { ...local.services, gateway: { ...local.services?.gateway, ports } };
  writeWhole({ path: localFile(root), content: `${JSON.stringify({ ...local, services }, null, 2)}\n` });
}

/** @throws UserError when it is no JSON; it may have more than the port, so it is not written anew */
function readLocal(root: string): LocalEnvironment {
  const file = localFile(root);
  if (!existsSync(file)) return {};
  try {
    return readJson(readFileSync(file, 'utf8')) as LocalEnvironment;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new UserError(`${file}: is no JSON: ${error.message}`, 'Mend it, or delete it, and start again.');
  }
}

function portsOf({ services }: LocalEnvironment): Gateway['ports'] {
  return services?.gateway?.ports;
}

/** Whether another program listens there; a NodePort of the cluster is a rule of the kernel and no listener. */
function taken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    server.listen({ port, host: '0.0.0.0' }, () => server.close(() => resolve(false)));
  });
}
