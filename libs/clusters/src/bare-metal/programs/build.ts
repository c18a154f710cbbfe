import { join } from 'node:path';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { goBuild } from '@berth/exec';
import { UserError } from '@berth/model';
import type { Machine } from '../machine';
import type { ProgramModule } from '../versions';

/** go.mod and go.sum of each, beside this source. */
const MODULES_FOLDER = join(__dirname, '../modules');

/**
 * Builds the programs of a module into `folder`, statically. The module proxy's content is checked against go.sum.
 * @throws UserError when there is no Go
 */
export async function buildPrograms(
  machine: Machine,
  module: ProgramModule,
  folder: string,
  log: (line: string) => void,
): Promise<void> {
  await refuseWithoutGo(machine, module);
  log(`building ${Object.keys(module.programs).join(', ')} ${module.version}`);
  const built = join(folder, 'built');
  mkdirSync(built);
  // A folder: one go links a program while it compiles what others need.
  const output = `${built}/`;
  const { ldflags } = module;
  const { argv, env } = goBuild({ sources: Object.values(module.programs), output, ldflags });
  await machine.here.run(argv, {
    cwd: join(MODULES_FOLDER, module.folder ?? module.name),
    // What Go leaves of a build that was ended goes with the folder.
    env: { ...env, GOOS: 'linux', GOARCH: machine.architecture, GOTMPDIR: folder },
    onLine: log,
  });
  for (const [program, source] of Object.entries(module.programs))
    renameSync(join(built, builtName(source)), join(folder, program));
  rmSync(built, { recursive: true });
}

/** How go build calls the program of a package: by its last part that is no version. */
export function builtName(source: string): string {
  return source.replace(/\/v\d+$/, '').replace(/^.*\//, '');
}

async function refuseWithoutGo({ here }: Machine, { name, version }: ProgramModule): Promise<void> {
  const found = await here.run(['go', 'version']).catch(() => undefined);
  if (found) return;
  throw new UserError(
    `${name} ${version} needs Go to be built here, since it can't be downloaded, and there is no go in the PATH`,
    'install it from https://go.dev/dl, then run the same command again',
  );
}
