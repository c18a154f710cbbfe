import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createHttpService, readPage, serve } from '@berth/http-service';
import { Access } from './access';
import { Feed } from './feed';
import { MonitoringMetrics } from './metrics';
import type { Monitor } from './monitor';
import { startProbes, type Probes } from './probes/start-probes';
import { serveMonitoring } from './server';
import { readSettings } from './settings';
import { sourceOf, type Source } from './source';

/** The page's own service. */
const serviceName = 'monitoring';
/** That of the gateway, in the same environment. */
const gatewayName = 'gateway';

const settings = readSettings(process.env);
const { port, metricsPort, latencies, logLevel, token, openOnLocalhost } = settings;
let monitor: Monitor | undefined;
let probes: Probes | undefined;
/** Resolves when they are there. */
let starting: Promise<void> | undefined;

const server = createHttpService({
  logger: { level: logLevel },
  notReady: () =>
    monitor
      ? monitor.waitsFor()
      : 'this is no pod of a cluster and no task of a Swarm, and KUBECONFIG names none',
});
const source = sourceOf(settings, process.env);
if (source) monitor = follow(source);

serve(server, port, {
  end: async () => {
    monitor?.stop();
    source?.close();
    await starting;
    await probes?.stop();
  },
});

function follow({ start, environment, resolve }: Source): Monitor {
  const { monitor: following, readLines } = start({
    log: server.log,
    onChange: () => feed.tell(),
    onTable: (seconds) => metrics.tableMade(seconds),
    failures: () => probes?.failures() ?? new Map(),
  });
  const feed = new Feed({ ledger: following.ledger, run: randomUUID(), now: () => following.now() });
  const metrics = new MonitoringMetrics({
    age: () => following.age(),
    pages: () => feed.pages,
    outcomes: () => probes?.outcomes() ?? [],
  });
  const access = new Access({
    token,
    now: Date.now,
    domain: () => following.domainOf(environment, serviceName),
    openOnLocalhost,
  });
  serveMonitoring(server, {
    page: readPage(join(__dirname, 'page')),
    access,
    feed,
    monitor: following,
    probes: () => probes,
    readLines,
  });
  serveMetrics(metrics);
  starting = probe(following, metrics, { environment, resolve });
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

async function probe(
  following: Monitor,
  metrics: MonitoringMetrics,
  { environment, resolve }: Pick<Source, 'environment' | 'resolve'>,
): Promise<void> {
  if (!resolve) return server.log.info('nothing is probed: only a pod knows the names of services');
  probes = await startProbes({
    resolve,
    file: latencies,
    log: server.log,
    now: Date.now,
    targets: () => following.targets({ namespace: environment, name: gatewayName }),
    onAnswer: (target, answer) => metrics.probed(target, answer),
  });
}
