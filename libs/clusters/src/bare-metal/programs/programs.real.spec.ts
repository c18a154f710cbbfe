import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { fakeMachine } from '../machine/fake-machine';
import { programsStep } from './programs';

describe('the cache of programs on a disk of its own', () => {
  const runner = new ProcessRunner();
  const disk = mkdtempSync(join(tmpdir(), 'berth-cache-'));
  const machine = fakeMachine();
  machine.paths.cache = join(disk, 'bin');
  const program = 'x'.repeat(200_000);
  machine.fetch = async (input) =>
    new Response(
      String(input).endsWith('.sha256') ? createHash('sha256').update(program).digest('hex') : program,
    );

  beforeAll(() => runner.run(['mount', '-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', disk]));
  afterAll(async () => {
    await runner.run(['umount', disk]);
    for (const folder of [disk, machine.root]) rmSync(folder, { recursive: true });
  });

  it('says that it is full, rather than build what did not fit, and leaves nothing half-filled', async () => {
    await expect(programsStep(machine).run(() => undefined)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        new RegExp(`No space is left on the disk of ${disk}/bin/filling-\\S+: .*kube.*download could not`),
      ),
      hint: expect.stringContaining('df -h'),
    });
    expect(readdirSync(machine.paths.cache)).toEqual([]);
    expect(machine.runner.lines.filter((line) => line.startsWith('go build'))).toEqual([]);
  });
});
