import { setTimeout as delay } from 'node:timers/promises';
import { createHttpService, serve } from '@berth/http-service';
import { KubeClient } from '@berth/kube';
import { kubernetesOrchestrator } from '@berth/orchestrators';
import { readSettings } from './settings';
import { sweep } from './sweep';

const { intervalMs, logLevel, port } = readSettings(process.env);
const end = new AbortController();
let problem: string | undefined = 'the first sweep';
let client: KubeClient | undefined;

const server = createHttpService({ logger: { level: logLevel }, notReady: () => problem });
const sweeping = sweepUntilEnd();
serve(server, port, { begin: () => end.abort(), end: () => sweeping.finally(() => client?.close()) });

/** One after the other; what goes wrong is tried again at the next one. */
async function sweepUntilEnd(): Promise<void> {
  while (!end.signal.aborted) {
    try {
      await sweepOnce();
      problem = undefined;
    } catch (error) {
      problem = (error as Error).message;
      server.log.error({ error: problem }, 'the cluster cannot be asked what has expired');
    }
    await delay(intervalMs, undefined, { signal: end.signal }).catch(() => undefined);
  }
}

function sweepOnce(): Promise<boolean> {
  const cluster = (client ??= KubeClient.inCluster());
  const target = kubernetesOrchestrator(cluster, { holder: 'janitor' });
  return sweep(target, () => cluster.now(), server.log, end.signal);
}
