/* A program of its own: what reads dockerd's API on a manager of a Swarm for the gateway, which has no way to dockerd. */
import { SWARM_API_PORT } from '@berth/manifests';
import { createLog } from './log';
import { Dockerd } from './swarm/dockerd';
import { createReader } from './swarm/reader-server';

const SOCKET = '/var/run/docker.sock';

const log = createLog(
  'info',
  (line) => process.stdout.write(line),
  () => new Date(),
);
const server = createReader(new Dockerd(SOCKET));
server.listen(SWARM_API_PORT, () => log.info('started', { socket: SOCKET, address: server.address() }));

for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)
  process.once(signal, () => {
    log.info('stopping', { signal });
    server.close();
    server.closeAllConnections();
  });
