import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import type { SecretEdit } from '@berth/deploy';
import { ProcessRunner } from '@berth/exec';
import { UserError } from '@berth/model';
import { author } from '../../environment/author';
import { environmentOf, type EnvironmentModels } from '../../environment/environment-of';
import type { Connected } from '../../environment/orchestrators/access';
import { connect, desiredObjects } from '../../environment/target';
import { writeResult } from '../../result-file';
import { outsideOfBatch } from '../../invocation';
import { openTerminal } from '../../terminal';
import { adjustAndReport, type AdjustOptions } from '../adjust-and-report';
import { confirmDestruction, type Consent } from '../confirm';
import { namesIn } from '../names-in';
import type { TaskResults } from '../task-results';
import { withUserErrors } from '../user-errors';
import { readValues } from './read-values';
import { secretLines } from './secret-lines';
import type { Input } from './standard-input';

export interface SecretOptions extends AdjustOptions, Consent {
  name?: string | number;
  list?: boolean;
  import?: boolean;
  delete?: boolean;
  raw?: boolean;
  restart?: boolean;
}

/**
 * Outside of a batch Nx gives a task a terminal of its own, which shows all that comes in. The plugin's hook keeps Nx
 * from that; this is for where no hook runs.
 */
export default function secret() {
  return withUserErrors(async () => {
    throw new UserError(outsideOfBatch.message, outsideOfBatch.hint);
  });
}

/** Sets, removes or lists the secrets of one environment. Nx takes this wherever it can, and gives it its own input. */
export async function secretBatch(
  taskGraph: TaskGraph,
  inputs: Record<string, SecretOptions>,
  _overrides: unknown,
  context: ExecutorContext,
): Promise<TaskResults> {
  const tasks = Object.values(taskGraph.tasks);
  const { success } = await inBatch(
    tasks.map(({ id, target: { project } }) => ({ project, options: inputs[id] ?? {} })),
    context,
  );
  return Object.fromEntries(tasks.map(({ id }) => [id, { success, terminalOutput: '' }]));
}

function inBatch(
  [task, ...others]: { project: string; options: SecretOptions }[],
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const { project = '', options = {} } = task ?? {};
  const ofProject = { ...context, projectName: project };
  if (others.length > 0)
    return withUserErrors(async () => {
      throw new UserError('Secrets are of one environment at a time.', `nx secret ${project} --list`);
    });
  return options.list ? withUserErrors(() => list(options, ofProject)) : change(options, ofProject);
}

async function list({ json }: SecretOptions, context: ExecutorContext): Promise<void> {
  const models = environmentOf(context);
  const { target, close } = connect(models, context.root);
  try {
    const { name } = models.environment;
    const entries = await target.secrets(name, await objectsOf(models));
    for (const line of secretLines(entries, new Date())) console.log(line);
    writeResult(context.root, json, { environment: name, secrets: entries });
  } finally {
    close();
  }
}

function change(options: SecretOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  const names = () => namesIn(options.name, '--name', 'STORE_PASSWORD,API_TOKEN') ?? [];
  return adjustAndReport(
    'secret',
    options,
    context,
    async (target, models, signal) => {
      const environment = models.environment.name;
      const desired = await objectsOf(models);
      const plan = (edit: SecretEdit) => target.planSecrets(environment, desired, edit);
      const edited = (values: SecretEdit['values']): SecretEdit => ({
        values,
        author: author(),
        restart: options.restart !== false,
      });
      // Before anything is asked for: a name that is mistyped.
      await plan(
        edited(new Map(names().map((name) => [name, options.delete ? undefined : Buffer.alloc(0)]))),
      );
      const values = options.delete
        ? await removed(names(), { target, environment, desired }, options, context)
        : await given(names(), models, options, context, signal);
      const edit = edited(values);
      return {
        plan: () => plan(edit),
        prepare: () =>
          target.prepare(environment, desired, {
            onNotice: (message) => console.log(`    ${message}`),
            signal,
          }),
        apply: (changes, lost) => target.applySecrets(environment, edit, changes, lost),
        remedy: `The value stays set. Set another one: nx secret ${context.projectName} --name=${[...values.keys()].join(',')}`,
      };
    },
    () => refuseDoubt(options, context, names),
  );
}

async function objectsOf(models: EnvironmentModels) {
  return (await desiredObjects(models, new ProcessRunner()))({});
}

async function given(
  names: readonly string[],
  { environment }: EnvironmentModels,
  options: SecretOptions,
  { projectName }: ExecutorContext,
  signal: AbortSignal,
): Promise<Map<string, Buffer>> {
  const terminal = openTerminal(process.env);
  const input: Input = { stream: process.stdin, tell: (text) => terminal.tell(text), signal };
  try {
    return await readValues(
      {
        environment: environment.name,
        command: `nx secret ${projectName}`,
        names,
        import: !!options.import,
        raw: !!options.raw,
      },
      input,
    );
  } finally {
    terminal.close();
  }
}

/** Says who still asks for what is to be deleted, and asks. */
async function removed(
  names: readonly string[],
  {
    target,
    environment,
    desired,
  }: {
    target: Connected['target'];
    environment: string;
    desired: Parameters<Connected['target']['secrets']>[1];
  },
  options: SecretOptions,
  { projectName }: ExecutorContext,
): Promise<Map<string, undefined>> {
  const entries = await target.secrets(environment, desired);
  for (const { name, usedBy } of entries.filter((entry) => names.includes(entry.name))) {
    const users = usedBy.length > 0 ? `${usedBy.join(', ')} asks for it, and new pods will not start` : '';
    console.log(`Deleting ${name} of ${environment}${users ? `: ${users} without it` : ''}.`);
  }
  const all = names.join(',');
  if (!options.dryRun)
    await confirmDestruction(all, options, `nx secret ${projectName} --name=${all} --delete`);
  return new Map(names.map((name) => [name, undefined]));
}

/** @throws UserError unless it is plain what is to be done */
function refuseDoubt(
  options: SecretOptions,
  { projectName }: ExecutorContext,
  names: () => readonly string[],
): void {
  const command = `nx secret ${projectName}`;
  if (names().length === 0 && !options.import)
    throw new UserError(
      'Nothing says which secret.',
      [
        `Set one, from standard input: printf %s "$VALUE" | ${command} --name=NAME`,
        `several, as lines NAME=value: ${command} --import < file`,
        `see which there are: ${command} --list`,
        `delete one: ${command} --name=NAME --delete`,
      ].join('\n'),
    );
  if (options.import && (names().length > 0 || options.delete))
    throw new UserError(
      '--import takes the names from standard input: it goes with neither --name nor --delete.',
      `${command} --import < file`,
    );
}
