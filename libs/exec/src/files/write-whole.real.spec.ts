import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '../process-runner';
import { ProgramError } from '../program-error';
import { writeWhole } from './write-whole';

const thrownBy = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('writing to a disk of its own', () => {
  const runner = new ProcessRunner();
  const disk = mkdtempSync(join(tmpdir(), 'berth-disk-'));
  const at = (name: string) => join(disk, name);
  const mount = (options: string) => runner.run(['mount', '-t', 'tmpfs', '-o', options, 'tmpfs', disk]);

  beforeEach(() => mount('size=128k'));
  afterEach(() => runner.run(['umount', disk]));
  afterAll(() => rmSync(disk, { recursive: true }));

  it('says which disk is full, leaves no draft and every old text, and works once there is space', () => {
    writeWhole({ path: at('first'), content: 'old' }, { path: at('second'), content: 'old' });
    const big = 'x'.repeat(200_000);
    const write = () => writeWhole({ path: at('first'), content: 'new' }, { path: at('second'), content: big });
    expect(thrownBy(write)).toMatchObject({
      name: 'UserError',
      message: `No space is left on the disk of ${disk}: ${at('second')} could not be written (ENOSPC).`,
      hint: expect.stringContaining(`df -h ${disk}`),
    });
    expect(readdirSync(disk).sort()).toEqual(['first', 'second']);
    expect(readFileSync(at('first'), 'utf8')).toBe('old');
    writeWhole({ path: at('first'), content: 'new' }, { path: at('second'), content: 'new' });
    expect(readFileSync(at('second'), 'utf8')).toBe('new');
  });

  it('says that a file system is mounted read-only', async () => {
    await runner.run(['mount', '-o', 'remount,ro', disk]);
    expect(thrownBy(() => writeWhole({ path: at('file'), content: 'text' }))).toMatchObject({
      message: `${at('file')} cannot be written: its file system is mounted read-only (EROFS).`,
      hint: `See how it is mounted: findmnt --target ${disk}`,
    });
  });

  it('says who may not write where', () => {
    mkdirSync(at('folder'), { mode: 0o755 });
    const seteuid = process.seteuid?.bind(process);
    if (!seteuid) throw new Error('needs Linux');
    seteuid(65534);
    let error: unknown;
    try {
      error = thrownBy(() => writeWhole({ path: at('folder/file'), content: 'text' }));
    } finally {
      seteuid(0);
    }
    expect(error).toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/^The user \S+ may not read or write .*folder\/file \(EACCES\)\.$/),
      hint: expect.stringContaining(`ls -ld ${at('folder')}`),
    });
    expect(readdirSync(at('folder'))).toEqual([]);
  });

  it('is told of a program too that fills it', async () => {
    const error = await runner
      .run(['dd', 'if=/dev/zero', `of=${at('zeros')}`, 'bs=64k', 'count=4'])
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProgramError);
    expect(error).toMatchObject({
      message: expect.stringContaining('No space left on device'),
      hint: expect.stringContaining('A disk is full; see which: df -h'),
    });
  });

  it('tells of a program that may not be run', async () => {
    writeFileSync(at('program'), '#!/bin/sh\n');
    chmodSync(at('program'), 0o644);
    await expect(runner.run([at('program')])).rejects.toMatchObject({
      message: expect.stringContaining('could not be started'),
      hint: expect.stringContaining('ls -l'),
    });
  });
});
