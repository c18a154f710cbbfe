import type { Step } from '../../provider';
import { sideBySide } from './each';

const done: string[] = [];
const step = (title: string, name: string, fails = false): Step => ({
  title,
  details: [`${title.toLowerCase()} it`],
  run: async (log) => {
    log('begun');
    await Promise.resolve();
    if (fails) throw new Error(`${name} does not answer`);
    done.push(`${title} ${name}`);
  },
});
const plan = (nodeName: string, ...titles: string[]) => ({
  nodeName,
  steps: titles.map((title) => step(title, nodeName)),
});

beforeEach(() => done.splice(0));

describe('plans of several hosts', () => {
  it('are done side by side, each in its order and without what it does not need', async () => {
    const steps = sideBySide([plan('b', 'Delete'), plan('c', 'Stop', 'Delete'), plan('d', 'Stop')]);
    expect(steps.map(({ title, details }) => [title, ...details])).toEqual([
      ['Stop on c, d', 'c: stop it', 'd: stop it'],
      ['Delete on b, c', 'b: delete it', 'c: delete it'],
    ]);
    const lines: string[] = [];
    for (const { run } of steps) await run((line) => lines.push(line));
    expect(done).toEqual(['Stop c', 'Stop d', 'Delete b', 'Delete c']);
    expect(lines).toEqual(['c: begun', 'd: begun', 'b: begun', 'c: begun']);
  });

  it('end for one host and not for the others when it does not answer, and tell of it', async () => {
    const lost = { nodeName: 'b', steps: [step('Stop', 'b', true)] };
    const [stop] = sideBySide([lost, plan('c', 'Stop')]);
    await expect(stop?.run(() => undefined)).rejects.toThrow('b does not answer');
    expect(done).toEqual(['Stop c']);
  });

  it('are none when no host needs anything', () => {
    expect(sideBySide([plan('b'), plan('c')])).toEqual([]);
  });
});
