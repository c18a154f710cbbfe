import { readNxJson, type Tree } from '@nx/devkit';
import { UserError } from '@berth/model';
import type { BerthOptions, CiSystem } from '../../options';
import { filesOfTree } from '../../workspace/files';
import { circleciConfig } from './circleci';
import { githubWorkflow } from './github';
import { gitlabPipeline } from './gitlab';
import { pipelineOf, type Pipeline } from './pipeline';
import { pipelineText } from './pipeline-text';

/** By system its file, and what stands in it. */
const systems: Record<CiSystem, { file: string; render: (pipeline: Pipeline) => object }> = {
  circleci: { file: '.circleci/config.yml', render: circleciConfig },
  github: { file: '.github/workflows/berth.yml', render: githubWorkflow },
  gitlab: { file: '.gitlab-ci.yml', render: gitlabPipeline },
};

/** Which systems there is a pipeline for. */
export const ciSystems = Object.keys(systems) as CiSystem[];

const mark = '# Written by `nx g ci ';

/**
 * Writes the pipelines that nx.json names, and deletes those of Berth's that it no longer does. Only files whose
 * content changes are touched.
 * @param force takes over files that somebody else wrote
 * @returns the paths that changed, relative to the workspace
 * @throws UserError when a file is somebody else's, or the options make no pipeline
 */
export function writePipelines(tree: Tree, options: BerthOptions, { force = false } = {}): string[] {
  const { ci } = options;
  const pipeline = ci?.systems.length
    ? pipelineOf(filesOfTree(tree), options, ci, readNxJson(tree) ?? {})
    : undefined;
  const changed: string[] = [];
  for (const system of ciSystems) {
    const { file, render } = systems[system];
    const existing = tree.read(file, 'utf8');
    const ours = existing?.startsWith(mark) ?? false;
    if (!pipeline || !ci?.systems.includes(system)) {
      if (!ours) continue;
      tree.delete(file);
      changed.push(file);
      continue;
    }
    if (existing !== null && !ours && !force) {
      throw new UserError(
        `${file} was not written by Berth: it does not begin with ${mark}${system}\`.`,
        `Overwrite it: nx g ci ${system} --force\nor keep it, and take ${system} out of ci.systems in nx.json.`,
      );
    }
    const content = header(system) + pipelineText(render(pipeline));
    if (existing === content) continue;
    tree.write(file, content);
    changed.push(file);
  }
  return changed;
}

function header(system: string): string {
  return `${mark}${system}\` from the options in nx.json, and kept current by \`nx sync\`: edit those, not this file.\n`;
}
