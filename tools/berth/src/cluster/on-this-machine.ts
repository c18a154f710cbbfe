import { connect } from 'node:net';
import type { OuterAddress } from './outer-address';

/** Milliseconds that a port of this machine gets to answer. */
const patienceMs = 2000;

/** Whether the gateway's first port answers on this machine, as names below localhost need it. */
export async function onThisMachine(
  found: OuterAddress,
): Promise<{ port: number; answers: boolean } | undefined> {
  const port = found.state === 'there' ? found.ports[0]?.port : undefined;
  if (port === undefined) return undefined;
  return { port, answers: await connects('127.0.0.1', port) };
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patienceMs });
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
