import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { writeWhole } from '@berth/exec';
import { JsonSyntaxError, readJson, UserError } from '@berth/model';

/** Ports of this machine at which the gateway answers. */
export interface GatewayPorts {
  http: number;
  https: number;
}

/** Those of the gateway's service.json, and what is taken when another program listens there. */
const usual: GatewayPorts = { http: 80, https: 443 };
const fallback: GatewayPorts = { http: 8080, https: 8443 };

interface Gateway {
  ports?: { name: string; nodePort?: number }[];
  env?: Record<string, string>;
}

interface LocalEnvironment {
  services?: { gateway?: Gateway };
}

/**
 * The ports at which the gateway answers on this machine. What was asked for is kept in admin's env.local.json
 * (which Git ignores and only deploy reads), so that the next start takes the same.
 */
export async function gatewayPorts(root: string, asked: number | undefined): Promise<GatewayPorts> {
  const kept = keptPorts(root);
  const ports: GatewayPorts = {
    http: asked ?? kept.http ?? (await free('http')),
    https: kept.https ?? (await free('https')),
  };
  const before = { ...usual, ...kept };
  if (ports.http !== before.http || ports.https !== before.https) keep(root, ports);
  return ports;
}

async function free(name: keyof GatewayPorts): Promise<number> {
  return (await taken(usual[name])) ? fallback[name] : usual[name];
}

const localFile = (root: string) => join(root, 'deploy/environments/admin/env.local.json');

function keptPorts(root: string): Partial<GatewayPorts> {
  const kept: Partial<GatewayPorts> = {};
  for (const { name, nodePort } of portsOf(readLocal(root)) ?? []) {
    if (isKept(name) && nodePort !== undefined) kept[name] = nodePort;
  }
  return kept;
}

function keep(root: string, ports: GatewayPorts): void {
  const local = readLocal(root);
  const service = JSON.parse(readFileSync(join(root, 'apps/gateway/service.json'), 'utf8')) as Gateway;
  const gateway: Gateway = {
    ...local.services?.gateway,
    // A deep merge replaces arrays: the whole list is written, with its numbers changed.
    ports: (portsOf(local) ?? service.ports ?? []).map((port) =>
      isKept(port.name) ? { ...port, nodePort: ports[port.name] } : port,
    ),
    // For redirects to https.
    env: { ...local.services?.gateway?.env, HTTPS_PORT: String(ports.https) },
  };
  const content = { ...local, services: { ...local.services, gateway } };
  writeWhole({ path: localFile(root), content: `${JSON.stringify(content, null, 2)}\n` });
}

/**
 * Forgets the ports of this machine, which mean nothing on another cluster; the next start on this machine takes them anew.
 */
export function forgetPorts(root: string): void {
  const { services: { gateway, ...others } = {}, ...rest } = readLocal(root);
  if (gateway?.ports === undefined) return;
  const { ports: _ports, env: { HTTPS_PORT: _https, ...env } = {}, ...more } = gateway;
  const left = { ...more, ...(Object.keys(env).length > 0 && { env }) };
  const services = { ...others, ...(Object.keys(left).length > 0 && { gateway: left }) };
  const content = { ...rest, ...(Object.keys(services).length > 0 && { services }) };
  if (Object.keys(content).length === 0) rmSync(localFile(root));
  else writeWhole({ path: localFile(root), content: `${JSON.stringify(content, null, 2)}\n` });
}

/** Whether env.local.json has ports of this machine. @throws UserError when it is no JSON */
export function hasKeptPorts(root: string): boolean {
  return portsOf(readLocal(root)) !== undefined;
}

function isKept(name: string): name is keyof GatewayPorts {
  return name === 'http' || name === 'https';
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
