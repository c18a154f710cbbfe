import type { ExecutorContext } from '@nx/devkit';
import { environmentOf } from '../../environment/environment-of';
import { gateway, gatewayOf } from '../../environment/gateway';
import { clientOf } from '../../environment/orchestrators/kubernetes';
import { writeResult } from '../../result-file';
import { withUserErrors } from '../user-errors';
import { differences } from './differences';
import { ofEnvironment, readGateways } from './read-gateways';
import { routesLines } from './routes-lines';

/** Shows what the gateway serves and refuses: of its own environment all, of another one what belongs to that. */
export default function routes(options: { json?: string }, context: ExecutorContext) {
  return withUserErrors(async () => {
    const models = environmentOf(context);
    const { name } = models.environment;
    const client = clientOf(models, context.root);
    try {
      const namespace = gatewayOf(models, models.cluster.name)?.environment.name ?? gateway.environment;
      const found = await readGateways(client, namespace);
      const shown = name === namespace ? found : ofEnvironment(found, name);
      for (const line of routesLines(shown)) console.log(line);
      writeResult(context.root, options.json, {
        gateways: shown.map((row) =>
          'failure' in row ? { ...row, failure: row.failure.message } : { pod: row.pod, ...row.served },
        ),
        differences: differences(shown),
      });
    } finally {
      client.close();
    }
  });
}
