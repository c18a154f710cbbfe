import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { Completed, Runner, RunOptions } from '@berth/exec';
import { runToEnd } from './run-to-end';

const done: Completed = { argv: [], exitCode: 0, stdout: '', stderr: '' };

it('ends the client only once it is known which container it has made, and removes that', async () => {
  const events: string[] = [];
  const interruption = new AbortController();
  const client = async (argv: readonly string[], { signal }: RunOptions): Promise<Completed> => {
    // The daemon is still making the container.
    interruption.abort();
    setTimeout(() => {
      events.push('made');
      writeFileSync(argv[argv.indexOf('--cidfile') + 1] ?? '', '4f1c');
    }, 50);
    await once(signal!, 'abort');
    events.push('client ended');
    throw new Error('ended');
  };
  const runner: Runner = {
    run: async (argv, options) => {
      if (argv[1] === 'run') return client(argv, options!);
      events.push(argv.join(' '));
      return done;
    },
  };
  const run = runToEnd(
    runner,
    'image',
    { command: ['run'], signal: interruption.signal },
    { program: 'docker' },
  );
  await expect(run).rejects.toThrow('ended');
  expect(events).toEqual(['made', 'client ended', 'docker rm --force --volumes 4f1c']);
});

it('starts nothing when it is too late', async () => {
  const run = jest.fn(async () => done);
  const options = { command: ['run'], signal: AbortSignal.abort() };
  await expect(runToEnd({ run }, 'image', options, { program: 'docker' })).rejects.toThrow();
  expect(run).not.toHaveBeenCalled();
});
