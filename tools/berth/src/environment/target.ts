import { resolve } from 'node:path';
import type { DeployTarget, Destroying, StatusReading } from '@berth/deploy';
import { UserError } from '@berth/model';
import { kubernetesOrchestrator } from '@berth/orchestrators';
import type { EnvironmentModels } from './environment-of';

/** What the targets of an environment need of its orchestrator. */
export type Target = DeployTarget & StatusReading & Destroying & { close(): void | Promise<void> };

/**
 * The orchestrator that runs the environment, by the kubeconfig and context of its cluster.json: the shell's current
 * context is never used.
 * @throws UserError for one that Berth does not know yet
 */
export function targetOf({ environment, cluster }: EnvironmentModels, workspaceRoot: string): Target {
  if (environment.orchestrator !== 'kubernetes') {
    throw new UserError(
      `${environment.root}/env.json at orchestrator: Berth cannot deploy to ${environment.orchestrator} yet`,
      'Choose kubernetes.',
    );
  }
  return kubernetesOrchestrator({
    kubeconfig: resolve(workspaceRoot, cluster.kubeconfig),
    context: cluster.context,
  });
}
