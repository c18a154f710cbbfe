import { missingSteps, together, type CheckedStep } from './step';

const step = (
  title: string,
  done: () => Promise<boolean>,
  run = jest.fn(async () => undefined),
): CheckedStep => ({
  title,
  details: [],
  done,
  run,
});

describe('missingSteps', () => {
  it('leaves out what is done, keeps the order, and takes a failing check as not done', async () => {
    const steps = [
      step('a', async () => true),
      step('b', async () => false),
      step('c', () => Promise.reject(new Error('no answer'))),
      step('d', () => {
        throw new Error('may not be read');
      }),
    ];
    expect((await missingSteps(steps)).map(({ title }) => title)).toEqual(['b', 'c', 'd']);
  });

  it('does not run what an earlier step has brought about', async () => {
    let up = false;
    const first = step(
      'first',
      async () => up,
      jest.fn(async () => void (up = true)),
    );
    const second = step('second', async () => up);
    const log = jest.fn();
    for (const missing of await missingSteps([first, second])) await missing.run(log);
    expect(second.run).not.toHaveBeenCalled();
    expect(log).toHaveBeenCalledWith('is already so');
  });
});

it('a missing step still says that nothing needs it', async () => {
  const metrics = { ...step('metrics', async () => false), isNeededByNothing: true as const };
  const missing = await missingSteps([step('storage', async () => false), metrics]);
  expect(missing.map(({ isNeededByNothing }) => isNeededByNothing)).toEqual([undefined, true]);
});

describe('together', () => {
  it('does at once what is needed of several steps, all of it when one fails, and tells of that', async () => {
    const done = step('a', async () => true);
    const fails = step(
      'b',
      async () => false,
      jest.fn(() => Promise.reject(new Error('no pod'))),
    );
    const runs = step('c', async () => false);
    const all = together('add-ons', [done, fails, runs]);
    expect(await all.done()).toBe(false);
    await expect(all.run(jest.fn())).rejects.toThrow('no pod');
    expect(done.run).not.toHaveBeenCalled();
    expect(runs.run).toHaveBeenCalledTimes(1);
    expect(await together('add-ons', [done]).done()).toBe(true);
  });
});
