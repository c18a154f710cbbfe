import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { ProcessRunner } from '@berth/exec';

/** Pinned in go.mod and go.sum. */
const version = 'v1.7.12';

/** The program actionlint, built once from its Go module into the cache of built programs. */
export async function actionlint(): Promise<string> {
  const program = join(homedir(), '.cache/berth/bin/actionlint', version, 'actionlint');
  if (existsSync(program)) return program;
  mkdirSync(dirname(program), { recursive: true });
  const building = mkdtempSync(`${program}-`);
  try {
    const draft = join(building, 'actionlint');
    await new ProcessRunner().run(
      [
        'go',
        'build',
        '-trimpath',
        '-mod=readonly',
        '-o',
        draft,
        'github.com/rhysd/actionlint/cmd/actionlint',
      ],
      { cwd: join(__dirname, 'modules/actionlint'), env: { CGO_ENABLED: '0', GOTMPDIR: building } },
    );
    // Renamed, so that an interrupted build leaves nothing that looks whole.
    renameSync(draft, program);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return program;
}
