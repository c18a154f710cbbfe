import { createHttpService } from '@berth/http-service';
import { LogReading } from './log-lines';

const token = '0123456789abcdef';
const run = { pod: 'web-1', container: 'web', previous: false };
const lines = [{ at: '2026-01-02T12:00:00Z', text: 'well' }];

let server: ReturnType<typeof createHttpService>;
afterEach(() => server.close());

/** What is read of a log reader that answers so. */
async function readFrom(status: number, answer: object, asked: unknown[] = []) {
  server = createHttpService();
  server.post('/lines', ({ headers, body }, reply) => {
    asked.push(headers.authorization, body);
    return reply.code(status).send(answer);
  });
  const url = new URL(await server.listen({ host: '127.0.0.1', port: 0 }));
  return new LogReading({ url, token }).read('staging', [run]);
}

it('asks with the token, and hands on nothing but what it names', async () => {
  const asked: unknown[] = [];
  const source = { ...run, lines: [{ ...lines[0], raw: 'hunter2' }], isCut: false, secrets: ['hunter2'] };
  expect(await readFrom(200, { sources: [source] }, asked)).toEqual([{ ...run, lines, isCut: false }]);
  expect(asked).toEqual([`Bearer ${token}`, { environment: 'staging', sources: [run] }]);
});

it.each([
  [502, { error: 'The secrets cannot be read.' }, 'The secrets cannot be read.'],
  [500, {}, 'The log reader answers 500.'],
  [200, {}, 'The log reader answers 200.'],
  [401, { error: 'A token is asked for.' }, 'has another LOG_READER_TOKEN than this page'],
])('says why there are none when it answers %d %j', async (status, answer, message) => {
  await expect(readFrom(status, answer)).rejects.toThrow(message);
});
