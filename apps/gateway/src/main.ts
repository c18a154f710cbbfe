import { ReaderClient } from '@berth/follow';
import { KubeClient } from '@berth/kube';
import { UserError } from '@berth/model';
import {
  certificateFile,
  startCertificates,
  type Certificates,
  type CertificateSource,
} from './certificates';
import { startController, type Controller } from './controller';
import { ControllerMetrics } from './controller-metrics';
import { kubernetesCertificates, kubernetesSource } from './kubernetes-source';
import { createLog } from './log';
import { NginxClient } from './nginx-client';
import { thisPod, type Pod } from './pod';
import { readSettings, type Settings } from './settings';
import { SnapshotFile } from './snapshot';
import type { Source } from './source';
import { createStatusServer, type Status } from './status-server';
import { swarmCertificates } from './swarm/certificates';
import { swarmSource } from './swarm/source';
import type { SwarmState } from './swarm/state';

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const now = (): Date => new Date();
  const log = createLog(settings.logLevel, (line) => process.stdout.write(line), now);
  const nginx = new NginxClient(settings.adminSocket);
  const pod = thisPod();
  const { source, certificateSource, close } = sources(settings, pod, now);
  const status = (): Status => ({ ...controller.status(), certificates: certificates.status() });
  const metrics = new ControllerMetrics(status);
  const controller: Controller = await startController({
    source,
    nginx,
    pod,
    snapshot: new SnapshotFile(settings.snapshot, log),
    log,
    now,
    apiServers: settings.apiServer ? [settings.apiServer] : [],
    onServed: (seconds) => metrics.served(seconds),
  });
  const certificates: Certificates = await startCertificates({
    source: certificateSource,
    nginx,
    snapshot: certificateFile(settings.certificates, log),
    log,
    now,
    domains: settings.tlsDomains,
  });
  const server = createStatusServer(status, () => metrics.text());
  server.listen(settings.statusPort, () =>
    log.info('started', { cluster: source.description, status: server.address() }),
  );

  const stop = async (signal: string): Promise<void> => {
    log.info('stopping; nginx keeps its table and certificates', { signal });
    server.close();
    server.closeAllConnections();
    await Promise.all([controller.stop(), certificates.stop()]);
    nginx.close();
    close();
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)
    process.once(signal, () => void stop(signal));
}

function sources(
  settings: Settings,
  pod: Pod | undefined,
  now: () => Date,
): { source: Source; certificateSource: CertificateSource; close: () => void } {
  const { swarmApi, cluster, tlsSecrets, namespace } = settings;
  if (swarmApi !== undefined) {
    const api = new ReaderClient<SwarmState>(swarmApi);
    return {
      source: swarmSource(api),
      certificateSource: swarmCertificates(settings, process.env),
      close: () => api.close(),
    };
  }
  const client = cluster ? KubeClient.from(cluster) : KubeClient.inCluster();
  const place = { namespace: namespace ?? pod?.namespace ?? 'default', names: tlsSecrets };
  return {
    source: kubernetesSource(client, now),
    certificateSource: kubernetesCertificates(client, place, now),
    close: () => client.close(),
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof UserError ? error.message : (error as Error).stack}\n`);
  process.exit(1);
});
