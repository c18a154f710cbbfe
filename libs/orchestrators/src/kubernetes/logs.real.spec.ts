import type { LogLine } from '@berth/deploy';
import { limitMs, TestEnvironments } from './testing-environments';
import { oneService } from './testing-objects';
import { until } from './until';

jest.setTimeout(limitMs);

const environments = new TestEnvironments('logs');
const { client, target } = environments;
afterAll(() => environments.end(), limitMs);

const environment = environments.name('one');
/** Says something that no other run says, and ends: the kubelet starts it again. */
const container = { command: ['/bin/sh', '-c', 'read up idle </proc/uptime; echo begun at $up; exit 3'] };

beforeAll(async () => {
  // Nobody waits for it to be healthy.
  const careless = Object.assign(Object.create(target) as typeof target, { watch: async () => undefined });
  await environments.deploy(environment, oneService(environment, { container }, 'crashes'), {}, careless);
});

/** Follows until `enough`, and then as long as it takes to stop. */
async function followed(enough: (lines: readonly LogLine[]) => boolean): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  const stopping = new AbortController();
  const following = target.logs(environment, {
    services: ['one'],
    follow: true,
    onLine: (line) => void lines.push(line),
    signal: stopping.signal,
  });
  following.catch(() => undefined);
  try {
    expect(await until(async () => enough(lines), 45_000)).toBe(true);
  } finally {
    stopping.abort();
  }
  await following;
  return lines;
}
const podsOf = (lines: readonly LogLine[]) => new Set(lines.map(({ pod }) => pod));

test('are followed over restarts of a container and over new pods, each line once', async () => {
  const again = await followed((lines) => lines.length >= 2);
  expect([...podsOf(again)]).toHaveLength(1);
  const [first] = podsOf(again);
  const both = followed((lines) => podsOf(lines).size >= 2);
  await client.delete({ apiVersion: 'v1', kind: 'Pod', name: first ?? '', namespace: environment });
  const lines = await both;
  const texts = lines.map(({ pod, text }) => `${pod} ${text}`);
  expect(new Set(texts).size).toBe(texts.length);
  expect(lines[0]).toMatchObject({
    service: 'one',
    container: 'one',
    text: expect.stringMatching(/^begun at/),
  });
});

test('that are older than what was asked for are left out, and unknown services are named', async () => {
  const read = async (sinceSeconds?: number) => {
    const lines: LogLine[] = [];
    await target.logs(environment, {
      ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
      onLine: (line) => void lines.push(line),
    });
    return lines;
  };
  expect((await read()).length).toBeGreaterThan(0);
  expect((await read(3600)).length).toBeGreaterThan(0);
  const unknown = target.logs(environment, { services: ['ona'], onLine: () => undefined });
  await expect(unknown).rejects.toThrow(/runs no service "ona"; did you mean "one"\?/);
});
