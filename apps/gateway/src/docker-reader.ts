/* A program of its own: what reads dockerd's API on a manager of a Swarm for the gateway, which has no way to dockerd. */
import { runReader } from '@berth/follow';
import { SWARM_API_PORT } from '@berth/manifests';
import { createLog } from './log';
import { routingQuestions } from './swarm/questions';

const { info: log } = createLog(
  'info',
  (line) => process.stdout.write(line),
  () => new Date(),
);
runReader(routingQuestions, { port: SWARM_API_PORT, log });
