import { UserError } from '@berth/model';
import { follow, type Patience } from '../cloud/poll';
import type { GkeCommands } from './commands';
import type { Gcloud } from './gcloud';
import { GcloudRefusal, type Account } from './refusal';

/** https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.operations */
export interface GkeOperation {
  name: string;
  operationType: string;
  status: 'PENDING' | 'RUNNING' | 'DONE' | 'ABORTING' | string;
  targetLink?: string;
  detail?: string;
  statusMessage?: string;
  error?: { code?: number; message?: string };
  progress?: GkeProgress;
}

interface GkeProgress {
  name?: string;
  status?: string;
  metrics?: { name?: string; intValue?: string }[];
  stages?: GkeProgress[];
}

/** Those that are under way for the cluster: they are followed, never started twice. */
export async function operationsUnderWay(
  gcloud: Gcloud,
  commands: GkeCommands,
  account: Account,
  cluster: string,
): Promise<GkeOperation[]> {
  const all = (await gcloud.json<GkeOperation[] | null>(commands.operations(), account)) ?? [];
  return all.filter(
    ({ status, targetLink = '' }) =>
      status !== 'DONE' && targetLink.split('/clusters/')[1]?.split('/')[0] === cluster,
  );
}

/** Follows an operation to its end. @throws UserError when it failed, in Google's words */
export async function followOperation(
  gcloud: Gcloud,
  commands: GkeCommands,
  account: Account,
  { name }: GkeOperation,
  progress: (line: string) => void,
  patience: Patience,
): Promise<void> {
  const done = await follow<GkeOperation>(
    {
      what: `The operation ${name} of project ${account.project}`,
      ask: () => gcloud.json<GkeOperation>(commands.operation(name), account),
      describe: progressOf,
      isDone: ({ status }) => status === 'DONE',
      isPassing: (error) => error instanceof GcloudRefusal && error.kind === 'unreachable',
    },
    progress,
    patience,
  );
  const failure = done.error?.message ?? (done.error ? done.statusMessage : undefined);
  if (failure !== undefined) throw operationFailed(done, failure, account);
}

function operationFailed(
  { name, operationType }: GkeOperation,
  said: string,
  { project }: Account,
): UserError {
  const quota = /quota/i.test(said);
  return new UserError(
    `${operationType.toLowerCase().replaceAll('_', ' ')} failed (operation ${name}): ${said}`,
    quota
      ? `Ask for more, or take fewer or smaller nodes: https://console.cloud.google.com/iam-admin/quotas?project=${project}`
      : 'Mend what it says, then run the same command again: it goes on with what is there.',
  );
}

/** For example `create cluster: running, 3 of 17 steps`. */
export function progressOf({ operationType, status, detail, progress }: GkeOperation): string {
  const what = operationType.toLowerCase().replaceAll('_', ' ');
  const steps = countOf(progress);
  const words = [status.toLowerCase(), steps, detail].filter((word) => word !== undefined && word !== '');
  return `${what}: ${words.join(', ')}`;
}

function countOf(progress: GkeProgress | undefined): string | undefined {
  const metrics = [
    ...(progress?.metrics ?? []),
    ...(progress?.stages ?? []).flatMap(({ metrics: of = [] }) => of),
  ];
  const value = (name: string) => metrics.find((metric) => metric.name === name)?.intValue;
  const done = value('CLUSTER_CONFIGURING') ?? value('NODES_DONE');
  const total = value('CLUSTER_CONFIGURING_TOTAL') ?? value('NODES_TOTAL');
  if (done === undefined || total === undefined) return undefined;
  return `${done} of ${total} steps`;
}
