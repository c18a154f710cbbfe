import { formatFiles, readNxJson, type Tree } from '@nx/devkit';
import { nearestName, UserError } from '@berth/model';
import { readOptions, type CiSystem } from '../../options';
import { changeOptions } from '../change-options';
import syncGenerator from '../sync/generator';
import { withHints } from '../user-errors';
import { ciSystems, writePipelines } from './write-pipelines';

export interface CiSchema {
  system: string;
  environment?: string | number;
  registry?: string;
  /** A number when it looks like one: Nx parses what is typed. */
  node?: string | number;
  ttl?: string;
  runner?: string;
  testCommand?: string;
  previewCommand?: string;
  force?: boolean;
  skipFormat?: boolean;
}

/** Remembers in nx.json that there is a pipeline and how it is to be, and writes it. The same words again change nothing. */
export default function ciGenerator(tree: Tree, options: CiSchema): Promise<void> {
  return withHints(async () => {
    const system = ciSystems.find((name) => name === options.system);
    if (!system) {
      const nearest = nearestName(options.system, ciSystems);
      throw new UserError(
        `There is no pipeline for "${options.system}"; there is one for ${ciSystems.join(', ')}.`,
        `nx g ci ${nearest ?? 'github'}`,
      );
    }
    // Says first what is wrong with the options that are there.
    readOptions(readNxJson(tree));
    remember(tree, system, options);
    // The pipelines stay as `nx sync` writes them.
    if (!options.skipFormat) await formatFiles(tree);
    const changed = readOptions(readNxJson(tree));
    writePipelines(tree, changed, { force: !!options.force });
    // The manifests name the registry too.
    if (options.registry !== undefined) syncGenerator(tree);
  });
}

function remember(tree: Tree, system: CiSystem, { registry, environment, node, ...chosen }: CiSchema): void {
  const { ttl, runner, testCommand, previewCommand } = chosen;
  changeOptions(tree, (written) => {
    const ci = {
      ...written.ci,
      systems: [...new Set([...(written.ci?.systems ?? []), system])].sort(),
      ...given({
        environment: text(environment),
        ttl,
        node: text(node),
        runner,
        testCommand,
        previewCommand,
      }),
    };
    return { ...written, ...given({ registry }), ci };
  });
}

function text(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** The options that have a value. */
function given<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<Options>;
}
