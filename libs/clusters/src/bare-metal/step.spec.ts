import { missingSteps, type CheckedStep } from './step';

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
