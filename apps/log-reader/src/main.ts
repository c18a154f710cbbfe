import { createHttpService, serve } from '@berth/http-service';
import { KubeClient } from '@berth/kube';
import { LogReader } from './log-reader';
import { serveLines } from './server';
import { readSettings } from './settings';

const { port, logLevel, token, cluster } = readSettings(process.env);
const client = connect();

const server = createHttpService({
  logger: { level: logLevel },
  notReady: () => (client ? undefined : 'this is no pod of a cluster, and KUBECONFIG names none'),
});
if (client) serveLines(server, { token, reader: new LogReader({ client }) });
serve(server, port, { end: async () => client?.close() });

/** Undefined where there is no cluster, as in the test of the image: there it lives, and is not ready. */
function connect(): KubeClient | undefined {
  if (cluster) return KubeClient.from(cluster);
  return process.env.KUBERNETES_SERVICE_HOST ? KubeClient.inCluster() : undefined;
}
