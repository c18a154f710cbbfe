import { UserError } from '@berth/model';
import { follow } from './poll';

const patience = { everyMs: 0, limitMs: 60_000, failures: 2 };
const gone = new UserError('no answer');

/** Answers one after the other; an error is thrown. */
function answers(...states: (string | Error)[]) {
  return async () => {
    const state = states.length > 1 ? states.shift() : states[0];
    if (state instanceof Error) throw state;
    return state ?? '';
  };
}

function followed(ask: () => Promise<string>, told: string[] = [], limitMs = patience.limitMs) {
  return follow<string>(
    {
      what: 'The operation',
      ask,
      describe: (state) => state,
      isDone: (state) => state === 'done',
      isPassing: (error) => error === gone,
    },
    (line) => told.push(line),
    { ...patience, limitMs },
  );
}

describe('following a long operation', () => {
  it('tells of each change once, until it is done', async () => {
    const told: string[] = [];
    expect(await followed(answers('waiting', 'waiting', 'running', 'done'), told)).toBe('done');
    expect(told).toEqual(['waiting', 'running', 'done']);
  });

  it('goes on after a connection that broke, as long as it comes back in time', async () => {
    const told: string[] = [];
    await followed(answers('running', gone, gone, 'running', gone, gone, 'done'), told);
    expect(told.filter((line) => line.startsWith('no answer'))).toHaveLength(4);
    await expect(followed(answers('running', gone))).rejects.toBe(gone);
  });

  it('ends at once with an error that does not pass', async () => {
    const denied = new UserError('denied');
    await expect(followed(answers('running', denied, 'done'))).rejects.toBe(denied);
  });

  it('gives up in the end, and says what to type', async () => {
    await expect(followed(answers('running'), [], -1)).rejects.toMatchObject({
      message: expect.stringContaining('has not come to an end'),
      hint: expect.stringContaining('same command'),
    });
  });
});
