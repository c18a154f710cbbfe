import { UserError } from '@berth/model';
import type { BerthOptions } from '../options';
import { openRegistry } from './open-registry';

/** The nodes of the cluster may reach what this machine does not: a registry that is away is not waited for. */
const patience = { tries: 1, timeoutMs: 3000 };

/** Those of these references that their registries say they do not have. */
export async function absentImages(
  references: readonly string[],
  options: Pick<BerthOptions, 'insecureRegistries'>,
): Promise<string[]> {
  const registry = openRegistry(options, () => undefined, patience);
  try {
    const there = await Promise.all(
      references.map((reference) =>
        registry.has(reference).catch((error: unknown) => {
          if (!(error instanceof UserError)) throw error;
          return true;
        }),
      ),
    );
    return references.filter((_, index) => !there[index]);
  } finally {
    registry.close();
  }
}
