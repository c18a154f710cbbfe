import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHttpService, readPage, serve } from '@berth/http-service';
import { KubeClient, podNamespace } from '@berth/kube';
import { Access } from './access';
import { Feed } from './feed';
import { LogReading } from './log-lines';
import { MonitoringMetrics } from './metrics';
import { startMonitor, type Monitor } from './monitor';
import { clusterResolver } from './probes/resolve';
import { startProbes, type Probes } from './probes/start-probes';
import { serveMonitoring } from './server';
import { readSettings } from './settings';

/** The page's own Service. */
const serviceName = 'monitoring';
/** That of the gateway, in the same environment. */
const gatewayName = 'gateway';

const { port, metricsPort, latencies, logLevel, token, openOnLocalhost, logReader, cluster, ...settings } =
  readSettings(process.env);
const namespace = settings.namespace ?? podNamespace();
const client = connect();
let monitor: Monitor | undefined;
let probes: Probes | undefined;
/** Resolves when they are there. */
let starting: Promise<void> | undefined;

const server = createHttpService({
  logger: { level: logLevel },
  notReady: () => (monitor ? monitor.waitsFor() : 'this is no pod of a cluster, and KUBECONFIG names none'),
});
if (client) monitor = follow(client);

serve(server, port, {
  end: async () => {
    monitor?.stop();
    client?.close();
    await starting;
    await probes?.stop();
  },
});

/** Undefined where there is no cluster, as in the test of the image: there it lives, and is not ready. */
function connect(): KubeClient | undefined {
  if (cluster) return KubeClient.from(cluster);
  return process.env.KUBERNETES_SERVICE_HOST ? KubeClient.inCluster() : undefined;
}

function follow(kube: KubeClient): Monitor {
  const following = startMonitor({
    client: kube,
    log: server.log,
    onChange: () => feed.tell(),
    onTable: (seconds) => metrics.tableMade(seconds),
    failures: () => probes?.failures() ?? new Map(),
  });
  const feed = new Feed({ ledger: following.ledger, run: randomUUID(), now: () => kube.now() });
  const metrics = new MonitoringMetrics({
    age: () => following.age(),
    pages: () => feed.pages,
    outcomes: () => probes?.outcomes() ?? [],
  });
  const access = new Access({
    token,
    now: Date.now,
    domain: () => following.domainOf(namespace, serviceName),
    openOnLocalhost,
  });
  serveMonitoring(server, {
    page: readPage(join(__dirname, 'page')),
    access,
    feed,
    monitor: following,
    probes: () => probes,
    logs: logReader && new LogReading(logReader),
  });
  serveMetrics(metrics);
  starting = probe(following, metrics);
  return following;
}

/** On a port of its own, which no gateway leads to: who scrapes has no token. */
function serveMetrics(metrics: MonitoringMetrics): void {
  const metricsServer = createHttpService({ logger: { level: logLevel } });
  metricsServer.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text()),
  );
  serve(metricsServer, metricsPort);
}

async function probe(following: Monitor, metrics: MonitoringMetrics): Promise<void> {
  const resolve = clusterResolver(readFileSync('/etc/resolv.conf', 'utf8'));
  if (!resolve) return server.log.info('nothing is probed: only a pod knows the names of services');
  probes = await startProbes({
    resolve,
    file: latencies,
    log: server.log,
    now: Date.now,
    targets: () => following.targets({ namespace, name: gatewayName }),
    onAnswer: (target, answer) => metrics.probed(target, answer),
  });
}
