import { formatFiles, readNxJson, type Tree } from '@nx/devkit';
import { readOptions } from '../../options';
import { projectsOfTree } from '../../workspace/projects';
import { changeOptions } from '../change-options';
import { withHints } from '../user-errors';
import { writePrometheusFiles } from './write-prometheus-files';

export interface PrometheusSchema {
  /** Of the gateway. A number when it looks like one: Nx parses what is typed. */
  environment?: string | number;
  skipFormat?: boolean;
}

/** Remembers in nx.json that Prometheus is to be told of the services, and writes the files. The same words again change nothing. */
export default function prometheusGenerator(tree: Tree, options: PrometheusSchema): Promise<void> {
  return withHints(async () => {
    // Says first what is wrong with the options that are there.
    readOptions(readNxJson(tree));
    const { environment } = options;
    changeOptions(tree, (written) => ({
      ...written,
      prometheus: {
        ...written.prometheus,
        ...(environment !== undefined && { environment: String(environment) }),
      },
    }));
    // The files stay as `nx sync` writes them.
    if (!options.skipFormat) await formatFiles(tree);
    writePrometheusFiles(tree, projectsOfTree(tree), readOptions(readNxJson(tree)));
  });
}
