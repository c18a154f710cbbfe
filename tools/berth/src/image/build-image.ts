import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startsContainers, type BuildSettings, type Engine } from '@berth/engines';
import { leaveWish, ownMark, removeAbandoned, type Runner } from '@berth/exec';
import { UserError } from '@berth/model';
import type { InputFiles } from './input-files';
import type { ImagePlan } from './plan';
import { stageContext } from './staged-context';

export interface BuildDependencies extends BuildSettings {
  workspaceRoot: string;
  inputs: InputFiles;
  engine: Engine;
  runner: Runner;
  onLine: (line: string) => void;
  signal?: AbortSignal;
}

/** Where the workspace is mounted in a builder's container: the same everywhere, so that no result has a path of this machine. */
const MOUNTED = '/workspace';

/**
 * Builds an image: prepare, compile in the builder's container, build from the staged context. The project's Nx
 * target has been run before.
 * @param references by project, the images that it stands on, as the engine can find them
 * @throws UserError with the last lines of what failed
 */
export async function buildImage(
  plan: ImagePlan,
  references: ReadonlyMap<string, string>,
  deps: BuildDependencies,
): Promise<void> {
  const { workspaceRoot, runner, engine, onLine, signal } = deps;
  const { image, root, project } = plan;
  const folder = join(workspaceRoot, root);
  if (image.prepare) {
    await runner.run(
      image.prepare.map((word) => word.replaceAll('{project}', folder)),
      { cwd: folder, onLine, env: { NO_COLOR: '1', FORCE_COLOR: undefined }, ...(signal && { signal }) },
    );
  }
  if (image.builder) await compile(plan, referenceOf(image.builder.image, references), deps);
  const context = join(contexts(workspaceRoot), `${ownMark()}-${project}`);
  const withdraw = leaveWish({ folder: context });
  try {
    await stageContext(plan, context, workspaceRoot, deps.inputs, runner);
    await engine.build({
      reference: plan.reference,
      context,
      dockerfile: join(context, 'Dockerfile'),
      args: {
        ...image.args,
        ...Object.fromEntries(
          Object.entries(image.bases).map(([name, base]) => [name, referenceOf(base, references)]),
        ),
      },
      platforms: deps.platforms,
      ...(deps.cache !== undefined && { cache: deps.cache }),
      // Nothing here may differ between two builds of the same inputs.
      labels: { 'org.opencontainers.image.title': project, 'berth.dev/inputs': plan.tag },
      onLine,
      ...(signal && { signal }),
    });
  } finally {
    await rm(context, { recursive: true, force: true });
    withdraw();
  }
}

/** Where build contexts are staged: each names the process that it belongs to. */
const contexts = (workspaceRoot: string) => join(workspaceRoot, '.berth', 'contexts');

/** Removes the build contexts that a power cut has left. */
export function removeAbandonedContexts(workspaceRoot: string): void {
  removeAbandoned(contexts(workspaceRoot), '');
}

/** Runs the builder's command as this user, so that the results are this user's. */
async function compile(plan: ImagePlan, reference: string, deps: BuildDependencies): Promise<void> {
  const { builder } = plan.image;
  if (!builder) return;
  // It is refused before anything is built.
  if (!startsContainers(deps.engine)) throw new Error(`${deps.engine.name} starts no containers`);
  const output = join(deps.workspaceRoot, plan.root, builder.output);
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  const lines: string[] = [];
  const code = await deps.engine.runToEnd(reference, {
    command: builder.command,
    env: { HOME: '/tmp', CI: 'true' },
    mounts: [{ source: deps.workspaceRoot, target: MOUNTED }],
    workingDirectory: `${MOUNTED}/${plan.root}`,
    ...(process.getuid && process.getgid && { user: `${process.getuid()}:${process.getgid()}` }),
    onLine: (line) => {
      lines.push(line);
      deps.onLine(line);
    },
    ...(deps.signal && { signal: deps.signal }),
  });
  const last = lines.slice(-20).join('\n  ');
  const command = builder.command.join(' ');
  if (code !== 0) {
    throw new UserError(
      `In a container of ${builder.image}, ${command} exited with code ${code}:\n  ${last}`,
    );
  }
  if ((await readdir(output)).length === 0) {
    throw new UserError(
      `In a container of ${builder.image}, ${command} left nothing in ${plan.root}/${builder.output}.`,
      `Name the folder that it fills as builder.output in ${plan.root}/image.json.`,
    );
  }
}

function referenceOf(project: string, references: ReadonlyMap<string, string>): string {
  const reference = references.get(project);
  if (reference === undefined)
    throw new Error(`the image of ${project} was not made before what stands on it`);
  return reference;
}
