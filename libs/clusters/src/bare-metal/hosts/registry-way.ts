import { connect } from 'node:net';
import { freePorts, type SshRunner } from '@berth/exec';

/** The first host's registry listens on its loopback address, so that nobody else can push to it. */
const REGISTRY_PORT = 5000;

/** A way to the registry of a host, over its ssh connection; made anew when that was lost. */
export function registryWay(ssh: SshRunner): () => Promise<string> {
  let way: Promise<number> | undefined;
  const lead = async () => {
    const [port = 0] = await freePorts(1);
    await ssh.forward(port, REGISTRY_PORT);
    return port;
  };
  return async () => {
    if (way && !(await way.then(listens, () => false))) way = undefined;
    way ??= lead();
    return `http://127.0.0.1:${await way}`;
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
