import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { answerLine, askAddresses } from '../../environment/ask-addresses';
import { writeResult } from '../../result-file';
import type { TaskResults } from '../task-results';
import { withUserErrors } from '../user-errors';
import { readStatuses } from './read-statuses';
import { statusLines } from './status-lines';
import { tableLines } from './table-lines';

export interface StatusOptions {
  /** Of one environment true when absent, of several false. */
  ask?: boolean;
  json?: string;
}

/** Of a table: a cluster that does not answer is told by its rows, and the others' are waited for no longer than this. */
const table = { onRetry: () => undefined, idleMs: 10_000 };

/** Shows what runs in the environment, how well, and what was deployed last. */
export default function status({ ask = true, json }: StatusOptions, context: ExecutorContext) {
  return withUserErrors(async () => {
    const [row] = await readStatuses([context.projectName ?? ''], context);
    if (!row) return;
    if ('failure' in row) throw row.failure;
    for (const line of statusLines(row.status, new Date())) console.log(line);
    const answers = ask ? await askAddresses(row.addresses) : row.addresses.map((url) => ({ url }));
    if (ask) for (const answer of answers) console.log(answerLine(answer));
    writeResult(context.root, json, { ...row.status, addresses: answers });
  });
}

/** Of one environment the whole status, of several one table. Nx takes this instead wherever it can. */
export async function statusBatch(
  taskGraph: TaskGraph,
  inputs: Record<string, StatusOptions>,
  _overrides: unknown,
  context: ExecutorContext,
): Promise<TaskResults> {
  const tasks = Object.values(taskGraph.tasks).map(({ id, target }) => ({ id, project: target.project }));
  const [options = {}] = Object.values(inputs);
  const { ask = false, json } = options;
  const [only, ...others] = tasks;
  if (only && others.length === 0) {
    const { success } = await status(options, { ...context, projectName: only.project });
    return { [only.id]: { success, terminalOutput: '' } };
  }
  const unknown = new Set<string>();
  const { success } = await withUserErrors(async () => {
    const projects = tasks.map(({ project }) => project).sort();
    // The table says nothing of pods.
    const rows = await readStatuses(projects, context, { ...table, pods: json !== undefined });
    const addresses = rows.flatMap((row) => ('failure' in row ? [] : row.addresses));
    const answers = ask ? await askAddresses(addresses) : [];
    for (const line of tableLines(rows, new Date(), answers)) console.log(line);
    rows.forEach((row, index) => {
      if ('failure' in row) unknown.add(projects[index] ?? '');
    });
    writeResult(context.root, json, {
      environments: rows.map((row) =>
        'failure' in row
          ? { environment: row.environment, failure: row.failure.message }
          : {
              ...row.status,
              addresses: row.addresses,
              ...(ask ? { answers: answers.filter(({ url }) => row.addresses.includes(url)) } : {}),
            },
      ),
    });
  });
  return Object.fromEntries(
    tasks.map(({ id, project }) => [id, { success: success && !unknown.has(project), terminalOutput: '' }]),
  );
}
