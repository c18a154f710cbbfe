import { readFileSync } from 'node:fs';
import { ReaderClient } from '@berth/follow';
import type { Variables } from '@berth/http-service';
import { KubeClient, podNamespace } from '@berth/kube';
import type { ShownSwarm } from '@berth/orchestrators';
import { LogReading, linesOfContainers, type ReadLines } from './log-lines';
import { startMonitor, type Monitor, type MonitorOptions } from './monitor';
import { clusterResolver, swarmResolver, type Resolve } from './probes/resolve';
import type { Settings } from './settings';
import { noLinesOnSwarm } from './swarm/lines';
import { startSwarmMonitor } from './swarm/monitor';

/** What is shown: a cluster of Kubernetes, or a Swarm. */
export interface Source {
  start(options: Omit<MonitorOptions, 'client'>): { monitor: Monitor; readLines: ReadLines };
  /** The one that this server is in. */
  environment: string | undefined;
  /** Undefined where names of services are not known, and nothing can be probed. */
  resolve: Resolve | undefined;
  close(): void;
}

/** Undefined where there is neither, as in the test of the image: there it lives, and is not ready. */
export function sourceOf(settings: Settings, env: Variables): Source | undefined {
  const { swarm, cluster } = settings;
  if (swarm) return swarmSource(swarm);
  if (cluster) return clusterSource(KubeClient.from(cluster), settings);
  return env.KUBERNETES_SERVICE_HOST ? clusterSource(KubeClient.inCluster(), settings) : undefined;
}

function clusterSource(client: KubeClient, { namespace, logReader }: Settings): Source {
  return {
    start(options) {
      const monitor = startMonitor({ client, ...options });
      return { monitor, readLines: linesOfContainers(monitor, logReader && new LogReading(logReader)) };
    },
    environment: namespace ?? podNamespace(),
    resolve: clusterResolver(readFileSync('/etc/resolv.conf', 'utf8')),
    close: () => client.close(),
  };
}

function swarmSource({ api, environment }: NonNullable<Settings['swarm']>): Source {
  const client = new ReaderClient<ShownSwarm>(api.href);
  return {
    start(options) {
      const monitor = startSwarmMonitor({ api: client, ...options });
      return { monitor, readLines: noLinesOnSwarm(monitor) };
    },
    environment,
    resolve: swarmResolver(),
    close: () => client.close(),
  };
}
