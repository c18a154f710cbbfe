import type { ExecutorContext } from '@nx/devkit';
import { environmentOf, type EnvironmentModels } from '../../environment/environment-of';
import { gateway, gatewayOf } from '../../environment/gateway';
import { clientOf } from '../../environment/orchestrators/kubernetes';
import { dockerOf } from '../../environment/orchestrators/swarm';
import { writeResult } from '../../result-file';
import { withUserErrors } from '../user-errors';
import { differences } from './differences';
import { ofEnvironment, readGateways, readSwarmGateways, type GatewayRow } from './read-gateways';
import { routesLines } from './routes-lines';

/** Shows what the gateway serves and refuses: of its own environment all, of another one what belongs to that. */
export default function routes(options: { json?: string }, context: ExecutorContext) {
  return withUserErrors(async () => {
    const models = environmentOf(context);
    const { name } = models.environment;
    const home = gatewayOf(models, models.environment)?.environment.name ?? gateway.environment;
    const found = await read(models, context.root, home);
    const shown = name === home ? found : ofEnvironment(found, name);
    for (const line of routesLines(shown)) console.log(line);
    writeResult(context.root, options.json, {
      gateways: shown.map((row) =>
        'failure' in row ? { ...row, failure: row.failure.message } : { pod: row.pod, ...row.served },
      ),
      differences: differences(shown),
    });
  });
}

/** @param home environment of the gateway */
async function read(models: EnvironmentModels, workspaceRoot: string, home: string): Promise<GatewayRow[]> {
  if (models.environment.orchestrator === 'swarm') {
    const client = dockerOf(models.cluster);
    return await readSwarmGateways(client, home).finally(() => client.close());
  }
  const client = clientOf(models, workspaceRoot);
  return await readGateways(client, home).finally(() => client.close());
}
