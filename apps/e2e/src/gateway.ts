import { readFileSync } from 'node:fs';
import { listProcesses } from '@berth/exec';
import type { KubeClient } from '@berth/kube';
import { Agent, request } from 'undici';

export interface Answer {
  status: number;
  body: string;
}

/** Port of this machine at which the gateway answers. */
export async function gatewayPort(client: KubeClient): Promise<number> {
  const service = await client.get({
    apiVersion: 'v1',
    kind: 'Service',
    namespace: 'admin',
    name: 'gateway-nodeport',
  });
  const { ports = [] } = (service?.['spec'] ?? {}) as { ports?: { name: string; nodePort: number }[] };
  const port = ports.find(({ name }) => name === 'http')?.nodePort;
  if (port === undefined) throw new Error('the environment admin has no gateway with a node port');
  return port;
}

/** Asks the gateway for a host. Every request has a connection of its own, as from strangers. */
export async function ask(port: number, host: string, path = '/', limitMs = 5000): Promise<Answer> {
  const dispatcher = new Agent({ pipelining: 0 });
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`, {
      dispatcher,
      headers: { host },
      signal: AbortSignal.timeout(limitMs),
    });
    return { status: statusCode, body: await body.text() };
  } finally {
    await dispatcher.destroy();
  }
}

/** The processes of the gateway's nginx in the pods of this machine: master and workers. A reload would bring new workers. */
export function nginxProcesses(): { pid: number; title: string }[] {
  return listProcesses()
    .map(({ pid, argv }) => ({ pid, title: argv.join(' ') }))
    .filter(({ pid, title }) => /^nginx: (master|worker) process/.test(title) && isOfPod(pid))
    .sort((one, other) => one.pid - other.pid);
}

/** Another nginx may run on this machine, and in containers that no pod has. */
function isOfPod(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes('kubepods');
  } catch {
    return false; // It has ended.
  }
}
