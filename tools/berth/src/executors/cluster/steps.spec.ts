import { runSteps } from './steps';

describe('runSteps', () => {
  let printed: string[];
  let clock: number;
  const print = (line: string) => printed.push(line);
  const step = (title: string, milliseconds: number, error?: Error) => ({
    title,
    details: [],
    run: async (log: (line: string) => void) => {
      log(`output of ${title}`);
      clock += milliseconds;
      if (error) throw error;
    },
  });

  beforeEach(() => {
    printed = [];
    clock = 0;
  });

  it('says what runs and how long it took, and keeps the output of what succeeded', async () => {
    const done = await runSteps([step('one', 1500), step('two', 20)], print, false, () => clock);
    expect(printed).toEqual(['▸ one', '✓ one  (1.5 s)', '▸ two', '✓ two  (0.0 s)']);
    expect(done).toEqual([
      { title: 'one', seconds: 1.5 },
      { title: 'two', seconds: 0.02 },
    ]);
  });

  it('ends at the first step that fails, with its output', async () => {
    const steps = [step('one', 1000, new Error('no')), step('two', 1)];
    await expect(runSteps(steps, print, false, () => clock)).rejects.toThrow('no');
    expect(printed).toEqual(['▸ one', '    output of one', '✗ one: failed after 1.0 s']);
  });
});
