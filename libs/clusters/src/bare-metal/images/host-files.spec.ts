import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordingRunner } from '@berth/exec';
import { copyHostPrograms, parseLdd } from './host-files';

it('reads the libraries that ldd prints, the loader too, and not the kernel’s own', () => {
  const text = `
	linux-vdso.so.1 (0x00007f4f993cd000)
	libxtables.so.12 => /lib/x86_64-linux-gnu/libxtables.so.12 (0x00007f4f99307000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f4f993cf000)
`;
  expect(parseLdd(text)).toEqual(['/lib/x86_64-linux-gnu/libxtables.so.12', '/lib64/ld-linux-x86-64.so.2']);
});

it('copies the libraries of plugins too, which the program itself does not load', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'host-files-'));
  const host = join(folder, 'host');
  mkdirSync(join(host, 'plugins'), { recursive: true });
  for (const name of ['program', 'libm.so.6', 'plugins/statistic.so']) writeFileSync(join(host, name), name);
  const runner = new RecordingRunner()
    .when(['ldd', join(host, 'program')], { stdout: '' })
    .when(['ldd', join(host, 'plugins/statistic.so')], {
      stdout: `\tlibm.so.6 => ${join(host, 'libm.so.6')} (0x0)\n`,
    });
  const root = join(folder, 'root');
  await copyHostPrograms(
    runner,
    { programs: { 'usr/bin/program': join(host, 'program') }, folders: [join(host, 'plugins')] },
    root,
  );
  const there = ['usr/bin/program', join(host, 'plugins/statistic.so'), join(host, 'libm.so.6')];
  expect(there.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  rmSync(folder, { recursive: true });
});
