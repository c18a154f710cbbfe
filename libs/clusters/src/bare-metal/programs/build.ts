import { join } from 'node:path';
import { renameSync } from 'node:fs';
import type { Machine } from '../machine';
import type { ProgramModule } from '../versions';

/** go.mod and go.sum of each, beside this source. */
const MODULES_FOLDER = join(__dirname, '../modules');

/** Builds the programs of a module into `folder`, statically. The module proxy's content is checked against go.sum. */
export async function buildPrograms(
  machine: Machine,
  module: ProgramModule,
  folder: string,
  log: (line: string) => void,
): Promise<void> {
  for (const [program, source] of Object.entries(module.programs)) {
    log(`building ${program} ${module.version}`);
    const ldflags = ['-s', '-w', ...(module.ldflags ?? [])].join(' ');
    const output = join(folder, `${program}.new`);
    const argv = [
      'go',
      'build',
      '-trimpath',
      '-buildvcs=false',
      '-mod=readonly',
      '-ldflags',
      ldflags,
      '-o',
      output,
      source,
    ];
    const env = { CGO_ENABLED: '0', GOOS: 'linux', GOARCH: machine.architecture };
    await machine.runner.run(argv, { cwd: join(MODULES_FOLDER, module.name), env, onLine: log });
    renameSync(output, join(folder, program));
  }
}
