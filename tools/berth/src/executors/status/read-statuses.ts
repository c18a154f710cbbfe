import type { ExecutorContext } from '@nx/devkit';
import type { EnvironmentStatus, StatusOptions } from '@berth/deploy';
import { publicPorts, UserError } from '@berth/model';
import { addressesOf } from '../../environment/addresses';
import { environmentOf, environmentsOf, type EnvironmentModels } from '../../environment/environment-of';
import type { ConnectOptions } from '../../environment/orchestrators/access';
import { connect } from '../../environment/target';

/** What is known of an environment: how it is, or why that is not known. */
export type EnvironmentRow = { environment: string } & (
  { status: EnvironmentStatus; addresses: string[] } | { failure: UserError }
);

/**
 * Reads how several environments are, those of one cluster together. What cannot be read has a row that says so.
 * @param projects of environments
 * @returns in the order of `projects`
 */
export async function readStatuses(
  projects: readonly string[],
  context: ExecutorContext,
  options: ConnectOptions & StatusOptions = {},
): Promise<EnvironmentRow[]> {
  const workspace = environmentsOf(context);
  const found = projects.map((project) =>
    asUserError(() => environmentOf({ ...context, projectName: project }, workspace)),
  );
  const clusters = new Map<string, EnvironmentModels[]>();
  for (const models of found) {
    if (models instanceof UserError) continue;
    const { orchestrator } = models.environment;
    const { kubeconfig, context: name, docker, ecs } = models.cluster;
    const key = JSON.stringify([orchestrator, kubeconfig, name, docker, ecs]);
    clusters.set(key, [...(clusters.get(key) ?? []), models]);
  }
  const rows = new Map<EnvironmentModels, EnvironmentRow>();
  await Promise.all(
    [...clusters.values()].map(async (environments) => {
      const read = await readCluster(environments, context.root, options);
      environments.forEach((models, index) => rows.set(models, read[index] as EnvironmentRow));
    }),
  );
  return found.map((models, index) =>
    models instanceof UserError
      ? { environment: projects[index] ?? '', failure: models }
      : (rows.get(models) as EnvironmentRow),
  );
}

async function readCluster(
  environments: readonly EnvironmentModels[],
  root: string,
  options: ConnectOptions & StatusOptions,
): Promise<EnvironmentRow[]> {
  const names = environments.map(({ environment }) => environment.name);
  const open = asUserError(() => connect(environments[0] as EnvironmentModels, root, options));
  if (open instanceof UserError) return names.map((environment) => ({ environment, failure: open }));
  try {
    const settled = await open.target.statuses(names, options);
    return environments.map((models, index) => {
      const environment = models.environment.name;
      const result = settled[index] as PromiseSettledResult<EnvironmentStatus>;
      if (result.status === 'fulfilled')
        return { environment, status: result.value, addresses: answering(models, result.value) };
      return { environment, failure: expectUserError(result.reason) };
    });
  } catch (error) {
    const failure = expectUserError(error);
    return names.map((environment) => ({ environment, failure }));
  } finally {
    open.close();
  }
}

/** The addresses of services that have a pod which is ready. */
function answering(models: EnvironmentModels, { services }: EnvironmentStatus): string[] {
  const ready = new Set(services.filter(({ health }) => health.ready > 0).map(({ name }) => name));
  const written = asUserError(() => models.services());
  // A service.json that is wrong is told by deploy and diff: what runs does not depend on it.
  if (written instanceof UserError) return [];
  const live = written.filter((service) => ready.has(service.name) && publicPorts(service).length > 0);
  return addressesOf(models, live);
}

function asUserError<Result>(work: () => Result): Result | UserError {
  try {
    return work();
  } catch (error) {
    return expectUserError(error);
  }
}

/** @throws what is no person's error */
function expectUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}
