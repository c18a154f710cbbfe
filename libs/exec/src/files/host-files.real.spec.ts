import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '../process-runner';
import type { HostFiles } from './host-files';
import { LocalFiles } from './local-files';
import { RunnerFiles } from './runner-files';

/** The runner of the second one runs here; over ssh it is the same programs. */
describe.each<[string, HostFiles]>([
  ['of this machine', new LocalFiles()],
  ['behind a runner', new RunnerFiles(new ProcessRunner())],
])('files %s', (_, files) => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-files-'));
  const at = (name: string) => join(folder, name);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are written into folders that were not there, with their rights, and read again', async () => {
    const content = "first 'line'\n$HOME `id` \\ ü\n\nlast without a newline";
    await files.write(
      { path: at('a/b/secret'), content, mode: 0o600 },
      { path: at('a/empty'), content: '' },
    );
    expect(await files.read(at('a/b/secret'))).toBe(content);
    expect(statSync(at('a/b/secret')).mode & 0o777).toBe(0o600);
    expect(await files.read(at('a/empty'))).toBe('');
    expect((await files.list(at('a'))).sort()).toEqual(['b', 'empty']);
  });

  it('that are not there have no text, no names and need no removing', async () => {
    expect(await files.exists(at('none'))).toBe(false);
    expect(await files.read(at('none/of/it'))).toBeUndefined();
    expect(await files.list(at('none'))).toEqual([]);
    await files.remove(at('none'));
  });

  it('are replaced as a whole, and leave no draft', async () => {
    await files.write({ path: at('text'), content: 'old' });
    await files.write({ path: at('text'), content: 'new' });
    expect(await files.read(at('text'))).toBe('new');
    expect((await files.list(folder)).filter((name) => name.includes('new'))).toEqual([]);
  });

  it('that are programs are put in place of one that runs, byte by byte', async () => {
    writeFileSync(at('source'), Buffer.from([0, 255, 10, 13, 0, 128]), { mode: 0o755 });
    for (let times = 0; times < 2; times++) await files.putProgram(at('source'), at('bin/program'));
    expect(readFileSync(at('bin/program'))).toEqual(readFileSync(at('source')));
    expect(statSync(at('bin/program')).mode & 0o111).toBe(0o111);
  });

  it('are removed with all that is in their folder', async () => {
    await files.write({ path: at('gone/deep/file'), content: 'x' }, { path: at('too'), content: 'x' });
    await files.remove();
    await files.remove(at('gone'), at('none'), at('too'));
    expect(await files.list(folder)).not.toEqual(expect.arrayContaining(['gone']));
    expect(await files.exists(at('too'))).toBe(false);
  });
});
