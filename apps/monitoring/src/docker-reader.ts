/* A program of its own: what reads dockerd's API on a manager of a Swarm for the page's server, which has no way to dockerd. */
import { runReader } from '@berth/follow';
import { SWARM_API_PORT } from '@berth/manifests';
import { showSwarm, shownEvents } from '@berth/orchestrators';

runReader(
  (dockerd) => ({
    state: () =>
      showSwarm(
        (path, filters) => dockerd.list(path, filters),
        () => new Date(),
      ),
    follow: (onEvent, signal) => dockerd.follow(shownEvents, onEvent, signal),
  }),
  {
    port: SWARM_API_PORT,
    log: (message, fields) =>
      process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), message, ...fields })}\n`),
  },
);
