import { posix } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { orchestratorsOf, UserError, type OrchestratorName } from '@berth/model';
import { dnsResolver } from '../../cluster/resolver';
import { environmentsOf } from '../../environment/environment-of';
import { writeResult } from '../../result-file';
import { readCluster } from '../../workspace/models';
import { withUserErrors } from '../user-errors';
import { accountPart } from './status-of-account';
import { kubernetesPart } from './status-of-kubernetes';
import type { ClusterPart, StatusQuestion } from './status-part';
import { swarmPart } from './status-of-swarm';

export interface ClusterStatusOptions {
  /** DNS servers to ask, in place of this machine's. */
  dns?: string[];
  json?: string;
}

const parts: Readonly<Record<OrchestratorName, (question: StatusQuestion) => Promise<ClusterPart>>> = {
  kubernetes: kubernetesPart,
  swarm: swarmPart,
  ecs: accountPart,
};

/**
 * Shows what the cluster is, where its gateway answers, and which DNS records lead there: of each that its cluster.json
 * names, a Kubernetes, a Swarm and an account of AWS. It fails when one of them cannot be read, once the others are
 * shown, and for nothing that it shows: what is missing in DNS stands in the result file.
 */
export default function status({ dns, json }: ClusterStatusOptions, context: ExecutorContext) {
  return withUserErrors(async () => {
    // `--dns=a,b` comes from Nx as one string in a list.
    const resolver = dnsResolver(dns?.flatMap((each) => String(each).split(',')).filter(Boolean));
    const workspace = environmentsOf(context);
    const { projects } = context.projectsConfigurations;
    const name = posix.basename(projects[context.projectName ?? '']?.root ?? '');
    const cluster = readCluster(workspace.files, name, { local: true });
    const question = { cluster, workspace, projects, resolver, root: context.root };
    const orchestrators = orchestratorsOf(cluster);
    const result: Record<string, unknown> = { cluster: name, provider: cluster.provider };
    const failures: UserError[] = [];
    for (const orchestrator of orchestrators) {
      try {
        const part = await parts[orchestrator](question);
        for (const line of part.lines) console.log(line);
        Object.assign(
          result,
          orchestrator === orchestrators[0] ? part.result : { [orchestrator]: part.result },
        );
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        if (orchestrators.length === 1) throw error;
        failures.push(error);
      }
    }
    for (const { message, hint } of failures)
      console.error(`\n${[message, ...(hint?.split('\n') ?? [])].join('\n  ')}`);
    const messages = failures.map(({ message }) => message);
    writeResult(context.root, json, { ...result, ...(messages.length > 0 && { failures: messages }) });
    return failures.length === 0;
  });
}
