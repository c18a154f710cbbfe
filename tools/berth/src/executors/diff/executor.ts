import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { Slots, UserError } from '@berth/model';
import { environmentsOf } from '../../environment/environment-of';
import { writeFailure, writeResult } from '../../result-file';
import type { TaskResults } from '../task-results';
import { withUserErrors } from '../user-errors';
import { differenceOf, SharedImages, type EnvironmentDifference, type Shared } from './difference-of';

export interface DiffOptions {
  json?: string;
  /** Fails when there is a difference. */
  exitCode?: boolean;
}

/** Environments at a time: each asks the API server for a dry run of all that differs. */
const atOnce = 8;

/** Of several: a cluster that does not answer keeps the others waiting no longer than this. */
const patience = { onRetry: () => undefined, idleMs: 10_000 };

type Row =
  | { environment: string; difference: EnvironmentDifference; lines: string[] }
  | { environment: string; failure: UserError };

/** Shows what a deploy would change; builds and changes nothing. */
export default function diff({ json, exitCode }: DiffOptions, context: ExecutorContext) {
  return withUserErrors(async () => {
    try {
      const { difference, lines } = await differenceOf(context, sharedBy(context));
      for (const line of lines) console.log(line);
      writeResult(context.root, json, difference);
      return !(exitCode && difference.differs);
    } catch (error) {
      // Whoever fails on a difference can tell it from this.
      writeFailure(context.root, json, {
        environment: context.projectName,
        failure: (error as Error).message,
      });
      throw error;
    }
  });
}

/** Of several environments one after the other, in one process. Nx takes this instead wherever it can. */
export async function diffBatch(
  taskGraph: TaskGraph,
  inputs: Record<string, DiffOptions>,
  _overrides: unknown,
  context: ExecutorContext,
): Promise<TaskResults> {
  const tasks = Object.values(taskGraph.tasks)
    .map(({ id, target }) => ({ id, project: target.project }))
    .sort((one, other) => (one.project < other.project ? -1 : 1));
  const [options = {}] = Object.values(inputs);
  const [only, ...others] = tasks;
  if (only && others.length === 0) {
    const { success } = await diff(options, { ...context, projectName: only.project });
    return { [only.id]: { success, terminalOutput: '' } };
  }
  let rows: Row[] = [];
  const { success } = await withUserErrors(async () => {
    rows = await readRows(
      tasks.map(({ project }) => project),
      context,
    );
    for (const line of rows.flatMap(rowLines)) console.log(line);
    writeResult(context.root, options.json, {
      environments: rows.map((row) =>
        'failure' in row ? { environment: row.environment, failure: row.failure.message } : row.difference,
      ),
    });
  });
  const isWell = (row: Row | undefined) =>
    row !== undefined && !('failure' in row) && !(options.exitCode && row.difference.differs);
  return Object.fromEntries(
    tasks.map(({ id }, index) => [id, { success: success && isWell(rows[index]), terminalOutput: '' }]),
  );
}

function sharedBy(context: ExecutorContext): Shared {
  return { workspace: environmentsOf(context), images: new SharedImages() };
}

async function readRows(projects: readonly string[], context: ExecutorContext): Promise<Row[]> {
  const shared = sharedBy(context);
  const slots = new Slots(atOnce);
  return Promise.all(
    projects.map((projectName) =>
      slots.run(async (): Promise<Row> => {
        try {
          const { difference, lines } = await differenceOf({ ...context, projectName }, shared, patience);
          return { environment: difference.environment, difference, lines };
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          return { environment: projectName, failure: error };
        }
      }),
    ),
  );
}

/** `staging:` and what differs below it; in one line where nothing does. */
function rowLines(row: Row): string[] {
  if ('failure' in row) {
    const { message, hint } = row.failure;
    const lines = [message, ...(hint ? [hint] : [])].join('\n').split('\n');
    return [`${row.environment}: not known`, ...lines.map((line) => `  ${line}`)];
  }
  if (!row.difference.differs) return [`${row.environment}: ${row.lines.join(', ')}`];
  return [`${row.environment}:`, ...row.lines.map((line) => `  ${line}`)];
}
