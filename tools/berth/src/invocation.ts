import type { PreTasksExecution } from '@nx/devkit';
import { tellDataDirectory } from './data-directory';
import { workspaceDataDirectory } from './nx-internals';
import { isOfDaemon, rememberTerminal } from './terminal';

/** Carries the words that the person typed from Nx's own process to the executors, which do not see them. */
const variable = 'BERTH_INVOCATION';

/** Why the target `secret` does not run there. */
export const outsideOfBatch = {
  message: 'Secrets are read in a batch of Nx only: outside of one Nx shows what comes in.',
  hint: 'Leave out --no-batch, and unset NX_BATCH_MODE.',
};

/** Nx gives the variables that are set here to every task of the run. */
export const preTasksExecution: PreTasksExecution = (_options, context) => {
  process.env[variable] = JSON.stringify(context.argv);
  if (wouldShowSecrets(context.argv, process.env))
    throw new Error(`${outsideOfBatch.message} ${outsideOfBatch.hint}`);
  const draws = isDrawnByImages(context.argv);
  if (draws) {
    // Nx would draw over it, and show nothing of what the batch says at its end.
    process.env['NX_TUI'] = 'false';
    process.env['NX_TASKS_RUNNER_DYNAMIC_OUTPUT'] = 'false';
  }
  rememberTerminal(context.argv, process, draws || isOfOne(context.argv));
  // The daemon would keep it for runs of other tasks.
  if (isOfImages(context.argv) && !isOfDaemon(process.env)) {
    tellDataDirectory(process.env, workspaceDataDirectory);
  }
};

/** What was typed after `nx`, or undefined outside of an Nx run. */
export function invocation(environment: NodeJS.ProcessEnv): string[] | undefined {
  const value = environment[variable];
  return value === undefined ? undefined : (JSON.parse(value) as string[]);
}

/**
 * Whether the person named this project: `nx deploy prod`, `nx run prod:deploy`, `nx run-many -t deploy -p prod`.
 * `nx affected -t deploy` and `nx run-many -t deploy` name none, nor does a pattern.
 */
export function isNamed(project: string, target: string, argv: readonly string[]): boolean {
  const { words, command } = typed(argv);
  if (command === 'affected') return false;
  if (command === 'run-many') return listed(words).includes(project);
  const rest = words.slice(words.indexOf(command ?? '') + 1);
  const one = command === 'run' ? [`${project}:${target}`] : command === target ? [project] : [];
  if (command === `${project}:${target}`) return true;
  return rest.some((word) => one.includes(word) || word === `--project=${project}`);
}

/** What was typed after `nx`, and the first of it that is no option. */
function typed(argv: readonly string[]): { words: string[]; command: string | undefined } {
  const start = argv.findIndex((word) => /(^|[/\\])nx(\.js)?$/.test(word));
  const words = argv.slice(start + 1);
  return { words, command: words.find((word) => !word.startsWith('-')) };
}

/** Whether one target of one project is run: Nx draws nothing then. */
export function isOfOne(argv: readonly string[]): boolean {
  return !['affected', 'run-many'].includes(typed(argv).command ?? '');
}

/**
 * Whether a secret would come in outside of a batch: there Nx gives a task a terminal of its own, which shows all that
 * comes in before the task can do anything about it.
 */
export function wouldShowSecrets(
  argv: readonly string[],
  { NX_BATCH_MODE }: { NX_BATCH_MODE?: string | undefined },
): boolean {
  const { words, command = '' } = typed(argv);
  const isOfSecrets = isOfOne(argv)
    ? command === 'secret' || words.some((word) => /^[^-].*:secret$/.test(word))
    : targetsIn(words).includes('secret');
  const withoutBatch =
    NX_BATCH_MODE === 'false' || words.some((word) => /^--(no-batch|batch=false)$/.test(word));
  return isOfSecrets && withoutBatch;
}

/** Whether all that is run are targets of images, and nobody has said how Nx is to show that. */
export function isDrawnByImages(argv: readonly string[]): boolean {
  const { words } = typed(argv);
  if (isOfOne(argv) || words.some((word) => /^--(no-)?(output-?style|tui)\b/i.test(word))) return false;
  return isOfImages(argv);
}

/** Whether all that is run are targets of images. */
export function isOfImages(argv: readonly string[]): boolean {
  const { words, command = '' } = typed(argv);
  const targets = isOfOne(argv)
    ? [command, ...words.map((word) => word.split(':')[1] ?? '')]
    : targetsIn(words);
  const ofImages = targets.filter((target) => /^docker-(build|test|push)$/.test(target));
  return ofImages.length > 0 && (isOfOne(argv) || ofImages.length === targets.length);
}

/** The values of `-t`, `--target` and `--targets`, each of which takes several. */
function targetsIn(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const [, assigned] = /^(?:-t|--targets?)(?:=(.*))?$/.exec(word) ?? [];
    if (assigned !== undefined) return assigned.split(',');
    if (!/^(-t|--targets?)$/.test(word)) return [];
    const rest = words.slice(index + 1);
    const end = rest.findIndex((next) => next.startsWith('-'));
    return rest.slice(0, end === -1 ? undefined : end).flatMap((next) => next.split(','));
  });
}

/** Whether the person wants the run to end with the first failure, by the words and the variable that Nx goes by. */
export function endsWithFirstFailure(
  argv: readonly string[],
  { NX_BAIL }: { NX_BAIL?: string | undefined },
): boolean {
  const typed = argv
    .map((word) => /^--(no-)?nx-?bail(?:=(.*))?$/i.exec(word))
    .findLast((found) => found !== null);
  if (!typed) return NX_BAIL === 'true';
  return typed[1] === undefined && typed[2] !== 'false';
}

/** The values of `-p` and `--projects`. */
function listed(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const assigned = /^(?:--projects|-p)=(.*)$/.exec(word);
    if (assigned) return (assigned[1] ?? '').split(',');
    return word === '--projects' || word === '-p' ? (words[index + 1] ?? '').split(',') : [];
  });
}
