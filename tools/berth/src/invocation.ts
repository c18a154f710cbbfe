import type { PreTasksExecution } from '@nx/devkit';
import { rememberTerminal } from './terminal';

/** Carries the words that the person typed from Nx's own process to the executors, which do not see them. */
const variable = 'BERTH_INVOCATION';

/** Nx gives the variables that are set here to every task of the run. */
export const preTasksExecution: PreTasksExecution = (_options, context) => {
  process.env[variable] = JSON.stringify(context.argv);
  rememberTerminal(context.argv, process);
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
  const start = argv.findIndex((word) => /(^|[/\\])nx(\.js)?$/.test(word));
  const words = argv.slice(start + 1);
  const command = words.find((word) => !word.startsWith('-'));
  if (command === 'affected') return false;
  if (command === 'run-many') return listed(words).includes(project);
  const rest = words.slice(words.indexOf(command ?? '') + 1);
  const one = command === 'run' ? [`${project}:${target}`] : command === target ? [project] : [];
  if (command === `${project}:${target}`) return true;
  return rest.some((word) => one.includes(word) || word === `--project=${project}`);
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
