import { createHttpService } from '@berth/http-service';
import { UnknownEnvironmentError, type SourceLines } from './log-reader';
import { serveLines } from './server';

const token = '0123456789abcdef';
const body = { environment: 'staging', sources: [{ pod: 'web-1', container: 'web' }] };
const found: SourceLines = {
  pod: 'web-1',
  container: 'web',
  previous: false,
  lines: [{ at: '2026-01-02T12:00:00Z', text: 'well' }],
  isCut: false,
};

let server: ReturnType<typeof createHttpService>;
afterEach(() => server.close());

function serving(read: () => Promise<SourceLines[]>) {
  server = createHttpService();
  serveLines(server, { token, reader: { read }, mostAtOnce: 1 });
  return (headers: Record<string, string> = { authorization: `Bearer ${token}` }, payload: object = body) =>
    server.inject({ method: 'POST', url: '/lines', headers, payload });
}

it('answers who has the token', async () => {
  const { statusCode, body: answer } = await serving(async () => [found])();
  expect([statusCode, JSON.parse(answer)]).toEqual([200, { sources: [found] }]);
});

it.each([{}, { authorization: 'Bearer 0123456789abcdee' }, { authorization: token }])(
  'reads nothing for %j',
  async (headers) => {
    const read = jest.fn();
    const { statusCode } = await serving(read)(headers as Record<string, string>);
    expect([statusCode, read.mock.calls]).toEqual([401, []]);
  },
);

it('says what is wrong with a request', async () => {
  const { statusCode, body: answer } = await serving(async () => [found])(undefined, { sources: [] });
  expect([statusCode, answer]).toEqual([400, expect.stringContaining('sources: must be')]);
});

it('says that there is no such environment', async () => {
  const ask = serving(async () => {
    throw new UnknownEnvironmentError('There is no environment staging.');
  });
  expect((await ask()).statusCode).toBe(404);
});

it('gives no line, and no word of the failure, when the secrets cannot be read', async () => {
  const ask = serving(async () => {
    throw new Error('hunter2');
  });
  const { statusCode, body: answer } = await ask();
  expect([statusCode, answer]).toEqual([502, expect.stringContaining('cannot be read')]);
  expect(answer).not.toContain('hunter2');
});

it('reads for few at the same time, and for others when that is done', async () => {
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const ask = serving(async () => {
    begin();
    await finished;
    return [found];
  });
  const first = ask().then(({ statusCode }) => statusCode);
  await begun;
  expect((await ask()).statusCode).toBe(503);
  finish();
  expect(await first).toBe(200);
  expect((await ask()).statusCode).toBe(200);
});
