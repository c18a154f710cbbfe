import { KubeClient } from '@berth/kube';
import { UserError } from '@berth/model';
import { certificateFile, startCertificates, type Certificates } from './certificates';
import { startController, type Controller } from './controller';
import { ControllerMetrics } from './controller-metrics';
import { createLog } from './log';
import { NginxClient } from './nginx-client';
import { thisPod } from './pod';
import { readSettings } from './settings';
import { SnapshotFile } from './snapshot';
import { createStatusServer, type Status } from './status-server';

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const now = (): Date => new Date();
  const log = createLog(settings.logLevel, (line) => process.stdout.write(line), now);
  const client = settings.cluster ? KubeClient.from(settings.cluster) : KubeClient.inCluster();
  const nginx = new NginxClient(settings.adminSocket);
  const pod = thisPod();
  const status = (): Status => ({ ...controller.status(), certificates: certificates.status() });
  const metrics = new ControllerMetrics(status);
  const controller: Controller = await startController({
    client,
    nginx,
    pod,
    snapshot: new SnapshotFile(settings.snapshot, log),
    log,
    now,
    apiServers: settings.apiServer ? [settings.apiServer] : [],
    onServed: (seconds) => metrics.served(seconds),
  });
  const certificates: Certificates = await startCertificates({
    client,
    nginx,
    snapshot: certificateFile(settings.certificates, log),
    log,
    now,
    namespace: settings.namespace ?? pod?.namespace ?? 'default',
    secrets: settings.tlsSecrets,
    domains: settings.tlsDomains,
  });
  const server = createStatusServer(status, () => metrics.text());
  server.listen(settings.statusPort, () =>
    log.info('started', { cluster: client.description, status: server.address() }),
  );

  const stop = async (signal: string): Promise<void> => {
    log.info('stopping; nginx keeps its table and certificates', { signal });
    server.close();
    server.closeAllConnections();
    await Promise.all([controller.stop(), certificates.stop()]);
    nginx.close();
    client.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)
    process.once(signal, () => void stop(signal));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof UserError ? error.message : (error as Error).stack}\n`);
  process.exit(1);
});
