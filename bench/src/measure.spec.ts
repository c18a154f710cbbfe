import { ProcessRunner } from '@berth/exec';
import { measure } from './measure';

describe('measure', () => {
  const node = (source: string) => [process.execPath, '--eval', source];
  /** Keeps that many megabytes, for longer than the time between two looks. */
  const keep = (megabytes: number) => `globalThis.kept = Buffer.alloc(${megabytes} * 2 ** 20, 1);`;
  const child = `${keep(200)} setTimeout(() => process.exit(), 300);`;

  it('counts the time, and the memory of a program and of those that it starts', async () => {
    const { seconds, megabytes } = await measure(
      new ProcessRunner(),
      node(`
        ${keep(100)}
        const { spawn } = require('node:child_process');
        spawn(process.execPath, ['--eval', ${JSON.stringify(child)}]);
      `),
    );
    expect(seconds).toBeGreaterThan(0.3);
    expect(megabytes).toBeGreaterThan(300);
    expect(megabytes).toBeLessThan(600);
  });

  it('gives no figure of a program that fails', async () => {
    await expect(measure(new ProcessRunner(), node('process.exit(3)'))).rejects.toThrow('exited with code 3');
  });
});
