import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A job of a written pipeline: its lines for the shell, and the environment that they get. */
export interface WrittenJob {
  commands: string[];
  env: Record<string, string>;
}

/** What the system itself puts in: secrets, the pull request. By its name there. */
export type Values = Readonly<Record<string, string>>;

interface GithubFile {
  env: Record<string, string>;
  jobs: Record<string, { steps: { run?: string; env?: Record<string, string> }[] }>;
}

/** A job of .github/workflows/berth.yml; what it `uses` is GitHub's own and not in it. */
export function githubJob(root: string, name: string, values: Values): WrittenJob {
  const file = parse(readFileSync(join(root, '.github/workflows/berth.yml'), 'utf8')) as GithubFile;
  const steps = file.jobs[name]?.steps ?? [];
  const written = Object.assign({}, file.env, ...steps.map(({ env }) => env)) as Record<string, string>;
  const evaluated = Object.entries(written).map(([variable, text]) => [
    variable,
    text.replaceAll(/\$\{\{ (\S+) \}\}/g, (_, expression: string) => values[expression] ?? ''),
  ]);
  return {
    commands: steps.flatMap(({ run }) => run ?? []),
    env: Object.fromEntries(evaluated) as Record<string, string>,
  };
}

/** A job of .gitlab-ci.yml, without its before_script, which installs an engine into GitLab's container. */
export function gitlabJob(root: string, name: string, values: Values): WrittenJob {
  const file = parse(readFileSync(join(root, '.gitlab-ci.yml'), 'utf8')) as Record<
    string,
    { script: string[]; variables?: Record<string, string> }
  >;
  const { script = [], variables = {} } = file[name] ?? {};
  const expanded = Object.entries(variables).map(([variable, text]) => [
    variable,
    text.replaceAll(/\$(\w+)/g, (_, other: string) => values[other] ?? ''),
  ]);
  return { commands: script, env: { ...values, ...Object.fromEntries(expanded) } };
}

interface CircleFile {
  jobs: Record<
    string,
    { environment: Record<string, string>; steps: (string | { run?: { name: string; command: string } })[] }
  >;
}

/** A job of .circleci/config.yml, without the step that installs Node on CircleCI's machine. */
export function circleciJob(root: string, name: string, values: Values): WrittenJob {
  const file = parse(readFileSync(join(root, '.circleci/config.yml'), 'utf8')) as CircleFile;
  const { environment = {}, steps = [] } = file.jobs[name] ?? {};
  const runs = steps.flatMap((step) => (typeof step === 'object' && step.run ? step.run : []));
  return {
    commands: runs.filter((run) => run.name !== 'Node').map(({ command }) => command),
    env: { ...values, ...environment },
  };
}
