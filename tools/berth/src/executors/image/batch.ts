import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { makeAndReport, type ImageResult, type Until } from '../../image';
import { readOptions, withEngine } from '../../options';
import { withUserErrors } from '../user-errors';
import type { ImageExecutorOptions } from './executor';

type TaskResults = Record<string, { success: boolean; terminalOutput: string }>;

const order: readonly Until[] = ['build', 'test', 'push'];

/**
 * Brings the images of all tasks of a run as far as their targets say, in one go. The output of the batch is the
 * account; the tasks have none of their own.
 */
export async function imageBatch(
  taskGraph: TaskGraph,
  inputs: Record<string, ImageExecutorOptions>,
  _overrides: unknown,
  context: ExecutorContext,
): Promise<TaskResults> {
  const tasks = Object.values(taskGraph.tasks).map(({ id, target }) => ({
    id,
    project: target.project,
    until: inputs[id]?.until ?? 'push',
  }));
  const record = Object.values(inputs).find(({ json }) => json !== undefined)?.json;
  const engine = Object.values(inputs).find((input) => input.engine !== undefined)?.engine;
  const failed = new Set<string>();
  const made = await withUserErrors(async () => {
    const options = withEngine(readOptions(context.nxJsonConfiguration), engine);
    for (const until of order) {
      // Who asks for several steps of one image gets the last of them, once.
      const projects = tasks.filter((task) => furthest(task.project, tasks) === until);
      if (projects.length === 0) continue;
      const names = [...new Set(projects.map(({ project }) => project))];
      const results: ImageResult[] = await makeAndReport(names, until, options, context, record);
      for (const { project, outcome } of results) if (outcome === 'failed') failed.add(project);
    }
  });
  return Object.fromEntries(
    tasks.map(({ id, project }) => [
      id,
      { success: made.success && !failed.has(project), terminalOutput: '' },
    ]),
  );
}

function furthest(project: string, tasks: readonly { project: string; until: Until }[]): Until {
  const steps = tasks.filter((task) => task.project === project).map(({ until }) => order.indexOf(until));
  return order[Math.max(...steps)] ?? 'push';
}
