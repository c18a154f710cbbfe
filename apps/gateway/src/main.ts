import { KubeClient } from '@berth/kube';
import { UserError } from '@berth/model';
import { startController, type Controller } from './controller';
import { ControllerMetrics } from './controller-metrics';
import { createLog } from './log';
import { NginxClient } from './nginx-client';
import { thisPod } from './pod';
import { readSettings } from './settings';
import { SnapshotFile } from './snapshot';
import { createStatusServer } from './status-server';

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const now = (): Date => new Date();
  const log = createLog(settings.logLevel, (line) => process.stdout.write(line), now);
  const client = settings.cluster ? KubeClient.from(settings.cluster) : KubeClient.inCluster();
  const nginx = new NginxClient(settings.adminSocket);
  const metrics = new ControllerMetrics(() => controller.status());
  const controller: Controller = await startController({
    client,
    nginx,
    pod: thisPod(),
    snapshot: new SnapshotFile(settings.snapshot, log),
    log,
    now,
    apiServers: settings.apiServer ? [settings.apiServer] : [],
    onServed: (seconds) => metrics.served(seconds),
  });
  const server = createStatusServer(
    () => controller.status(),
    () => metrics.text(),
  );
  server.listen(settings.statusPort, () =>
    log.info('started', { cluster: client.description, status: server.address() }),
  );

  const stop = async (signal: string): Promise<void> => {
    log.info('stopping; nginx keeps its table', { signal });
    server.close();
    server.closeAllConnections();
    await controller.stop();
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
