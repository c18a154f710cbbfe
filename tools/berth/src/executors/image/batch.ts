import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import type { Until } from '../../image/image-record';
import { isDone } from '../../image/image-result';
import { isInputHash } from '../../image/input-hash';
import { makeAndReport } from '../../image/make-and-report';
import { forgetDataDirectory } from '../../data-directory';
import { endsWithFirstFailure, invocation } from '../../invocation';
import { readOptions, withEngine } from '../../options';
import { endWithResults } from '../end-with-results';
import type { TaskResults } from '../task-results';
import { withUserErrors } from '../user-errors';
import { load as loadAsking } from './ask-and-report.later';
import type { ImageExecutorOptions } from './executor';

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
  const json = Object.values(inputs).find((input) => input.json !== undefined)?.json;
  const engine = Object.values(inputs).find((input) => input.engine !== undefined)?.engine;
  // The hasher has found them by nx.json: with another engine they are others.
  const tags = engine === undefined ? tagsOf(taskGraph) : undefined;
  forgetDataDirectory(process.env);
  const bail = endsWithFirstFailure(invocation(process.env) ?? [], process.env);
  const undone = new Set<string>();
  const dryRun = Object.values(inputs).some((input) => input.dryRun);
  const made = await withUserErrors(async () => {
    const options = withEngine(readOptions(context.nxJsonConfiguration), engine);
    if (dryRun) {
      const { askAndReport } = await loadAsking();
      await askAndReport([...new Set(tasks.map(({ project }) => project))], options, context, json);
      return;
    }
    for (const until of order) {
      // Who asks for several steps of one image gets the last of them, once.
      const projects = tasks.filter((task) => furthest(task.project, tasks) === until);
      if (projects.length === 0) continue;
      const names = [...new Set(projects.map(({ project }) => project))];
      if (bail && undone.size > 0) {
        for (const name of names) undone.add(name);
        continue;
      }
      const results = await makeAndReport(names, until, options, context, { json, bail, tags });
      for (const result of results) if (!isDone(result)) undone.add(result.project);
    }
  });
  endWithResults();
  return Object.fromEntries(
    tasks.map(({ id, project }) => [
      id,
      { success: made.success && !undone.has(project), terminalOutput: '' },
    ]),
  );
}

/** The tags that hasher.ts has given the tasks, by project. It gives none to what it cannot plan. */
function tagsOf({ tasks }: TaskGraph): Map<string, string> {
  return new Map(
    Object.values(tasks).flatMap(({ target, hash = '' }) =>
      isInputHash(hash) ? [[target.project, hash]] : [],
    ),
  );
}

function furthest(project: string, tasks: readonly { project: string; until: Until }[]): Until {
  const steps = tasks.filter((task) => task.project === project).map(({ until }) => order.indexOf(until));
  return order[Math.max(...steps)] ?? 'push';
}
