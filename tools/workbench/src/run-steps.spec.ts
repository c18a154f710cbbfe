import type { Step } from '@berth/clusters';
import { runSteps } from './run-steps';

/** Steps that end when they are told to. */
function steps(...names: string[]) {
  const said: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const all = names.map((title): Step => ({
    title,
    details: [],
    ...(title.startsWith('beside') && { isNeededByNothing: true }),
    run: () => {
      said.push(title);
      return new Promise((resolve, reject) => ends.set(title, { resolve, reject }));
    },
  }));
  const progress = { step: (_: string, run: (log: () => void) => Promise<unknown>) => run(() => undefined) };
  const running = runSteps(progress as Parameters<typeof runSteps>[0], all);
  running.catch(() => undefined);
  return { said, end: (title: string) => ends.get(title)!, running };
}

/** Until all that can go on has gone on. */
const settled = () => new Promise(setImmediate);

it('waits for each step before the next, but not for one that nothing needs', async () => {
  const { said, end, running } = steps('first', 'beside', 'last');
  await settled();
  expect(said).toEqual(['first']);
  end('first').resolve();
  await settled();
  expect(said).toEqual(['first', 'beside', 'last']);
  end('last').resolve();
  let ended = false;
  const rest = (await running)().then(() => (ended = true));
  await settled();
  expect(ended).toBe(false);
  end('beside').resolve();
  await rest;
});

it('tells at the end that a step has failed which nothing needed', async () => {
  const { end, running } = steps('beside', 'last');
  await settled();
  end('beside').reject(new Error('no figures'));
  await settled();
  end('last').resolve();
  await expect((await running)()).rejects.toThrow('no figures');
});

it('runs nothing after a step that has failed', async () => {
  const { said, end, running } = steps('first', 'last');
  await settled();
  end('first').reject(new Error('no disk'));
  await expect(running).rejects.toThrow('no disk');
  expect(said).toEqual(['first']);
});
