import type { CustomHasher, HasherContext, ProjectGraph } from '@nx/devkit';
import { ProcessRunner } from '@berth/exec';
import { UserError } from '@berth/model';
import { InputFiles } from '../../image/input-files';
import { failed, planImages, type ImageWorkspace } from '../../image/plan';
import { workspaceOf } from '../../image/workspace-of';
import { workspaceRoot } from '../../nx-internals';
import { readOptions } from '../../options';

/**
 * Gives the task of an image the image's tag for its hash. Nx decides nothing by it, for these targets are not cached:
 * Nx keeps its history of tasks by it, and tells it a task outside of a batch as NX_TASK_HASH.
 */
const imageHasher: CustomHasher = async (task, context) => {
  const { project } = task.target;
  const tag = await tagOf(project, context);
  // The executor says what is wrong with it; an error from here would end the whole run.
  if (tag === undefined) return context.hasher.hashTask(task, context.taskGraph, process.env);
  return { value: tag, details: { command: '', nodes: { [`image:${project}`]: tag } } };
};

export default imageHasher;

interface Read {
  workspace: ImageWorkspace;
  inputs: InputFiles;
}

/** Files are listed and read once for all tasks of a run, which share one project graph. */
const read = new WeakMap<ProjectGraph, Read>();

async function tagOf(project: string, context: HasherContext): Promise<string | undefined> {
  try {
    const { workspace, inputs } = readOnce(context);
    const plan = (await planImages([project], workspace, inputs)).get(project);
    return plan === undefined || failed(plan) ? undefined : plan.tag;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function readOnce({ projectGraph, nxJsonConfiguration }: HasherContext): Read {
  const known = read.get(projectGraph);
  if (known) return known;
  const workspace = workspaceOf(readOptions(nxJsonConfiguration), { root: workspaceRoot, projectGraph });
  const first = { workspace, inputs: new InputFiles(workspaceRoot, new ProcessRunner()) };
  read.set(projectGraph, first);
  return first;
}
