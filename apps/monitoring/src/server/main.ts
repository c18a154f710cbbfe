import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createHttpService, readPage, serve } from '@berth/http-service';
import { KubeClient, podNamespace } from '@berth/kube';
import { Access } from './access';
import { Feed } from './feed';
import { LogReading } from './log-lines';
import { startMonitor, type Monitor } from './monitor';
import { serveMonitoring } from './server';
import { readSettings } from './settings';

/** The page's own Service. */
const serviceName = 'monitoring';

const { port, logLevel, token, openOnLocalhost, logReader, cluster, ...settings } = readSettings(process.env);
const namespace = settings.namespace ?? podNamespace();
const client = connect();
let monitor: Monitor | undefined;

const server = createHttpService({
  logger: { level: logLevel },
  notReady: () => (monitor ? monitor.waitsFor() : 'this is no pod of a cluster, and KUBECONFIG names none'),
});
if (client) monitor = follow(client);

serve(server, port, {
  end: async () => {
    monitor?.stop();
    client?.close();
  },
});

/** Undefined where there is no cluster, as in the test of the image: there it lives, and is not ready. */
function connect(): KubeClient | undefined {
  if (cluster) return KubeClient.from(cluster);
  return process.env.KUBERNETES_SERVICE_HOST ? KubeClient.inCluster() : undefined;
}

function follow(kube: KubeClient): Monitor {
  const following = startMonitor({ client: kube, log: server.log, onChange: () => feed.tell() });
  const feed = new Feed({ ledger: following.ledger, run: randomUUID(), now: () => kube.now() });
  const access = new Access({
    token,
    now: Date.now,
    domain: () => following.domainOf(namespace, serviceName),
    openOnLocalhost,
  });
  const page = readPage(join(__dirname, 'page'));
  const logs = logReader && new LogReading(logReader);
  serveMonitoring(server, { page, access, feed, monitor: following, logs });
  return following;
}
