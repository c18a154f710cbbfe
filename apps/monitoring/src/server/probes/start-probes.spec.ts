import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from './ask';
import { Histories } from './histories';
import { Prober, type ProberOptions } from './prober';
import { startProbes, type Probes, type ProbesOptions } from './start-probes';
import type { Target } from './targets';
import { testTarget } from './testing-target';

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the prober', () => {
  let targets: Target[] | undefined;
  let asked: string[];
  let answers: ((answer: Answer) => void)[];
  let prober: Prober;
  let time: number;

  beforeEach(() => {
    jest.useFakeTimers();
    targets = [testTarget('web'), testTarget('store')];
    asked = [];
    answers = [];
    time = Date.parse('2026-01-02T12:00:00Z');
  });
  afterEach(async () => {
    for (const answer of answers) answer({ ms: 1 });
    await prober.stop();
    jest.useRealTimers();
  });

  function start(options: Partial<ProberOptions> = {}): void {
    prober = new Prober({
      targets: () => targets,
      ask: ({ id }) => {
        asked.push(id);
        return new Promise((resolve) => answers.push(resolve));
      },
      histories: new Histories(),
      now: () => time,
      random: () => 0.5,
      ...options,
    });
    prober.start();
  }
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('asks each target once in a period, and never twice at a time', async () => {
    start();
    await pass(9_000);
    expect(asked.sort()).toEqual(['health/staging/store', 'health/staging/web']);
    await pass(60_000);
    expect(asked).toHaveLength(2);
    for (const answer of answers.splice(0)) answer({ ms: 3, status: 200 });
    await pass(9_000);
    expect(asked).toHaveLength(4);
  });

  it('asks sooner again what fails', async () => {
    targets = [testTarget('web')];
    start();
    await pass(4_000);
    answers.pop()!({ ms: 1, problem: 'connection refused' });
    await pass(2_500);
    expect(asked).toHaveLength(2);
    answers.pop()!({ ms: 1, status: 200 });
    await pass(2_000);
    expect(asked).toHaveLength(2);
    await pass(1_000);
    expect(asked).toHaveLength(3);
  });

  it('asks nothing while the cluster is not known, and forgets nothing', async () => {
    targets = undefined;
    const histories = new Histories();
    histories.add('health/staging/web', 0, 1);
    start({ histories });
    await pass(10_000);
    expect([asked, histories.size]).toEqual([[], 1]);
    targets = [testTarget('web')];
    await pass(4_000);
    expect(asked).toEqual(['health/staging/web']);
  });

  it('bounds how many are asked in a second, at a time, and at all', async () => {
    targets = Array.from({ length: 13_000 }, (_, index) => testTarget(`s${index}`));
    const told: unknown[] = [];
    start({ onTooMany: (...numbers) => told.push(numbers) });
    await pass(1_000);
    expect(asked.length).toBeLessThanOrEqual(100);
    await pass(4_000);
    expect(asked).toHaveLength(200);
    expect(told).toEqual([[13_000, 12_000]]);
  });

  it('says what fails, since when, and until it answers', async () => {
    targets = [testTarget('web')];
    start();
    const turn = async (answer: Answer) => {
      await pass(11_500);
      answers.pop()!(answer);
      await pass(0);
      time += 11_500;
    };
    const since = new Date(time).toISOString();
    await turn({ ms: 5, problem: 'connection refused' });
    await turn({ ms: 5, problem: 'answered with status 503', status: 503 });
    expect([...prober.failures()]).toEqual([
      ['staging/web', [{ asked: 'http://web.staging', problem: 'answered with status 503', since }]],
    ]);
    const { probes } = prober.report('staging', 'web');
    expect(probes).toEqual([
      {
        asked: 'http://web.staging',
        last: { at: expect.any(String), ms: 5, status: 503, problem: 'answered with status 503' },
        points: [{ at: since, succeeded: 0, failed: 2, median: 0, p95: 0, max: 0 }],
      },
    ]);
    await turn({ ms: 2, status: 200 });
    expect(prober.failures().size).toBe(0);
    expect(prober.report('staging', 'store').probes).toEqual([]);
  });

  it('says nothing of what is gone, though its answer comes later', async () => {
    start();
    await pass(9_000);
    targets = [];
    await pass(4_000);
    for (const answer of answers.splice(0)) answer({ ms: 1, problem: 'connection refused' });
    await pass(100);
    expect(prober.failures().size).toBe(0);
    expect([...prober.outcomes()]).toEqual([]);
  });

  it('says nothing of the path', async () => {
    targets = [testTarget('web', { path: '/readyz?token=hunter2' })];
    start();
    await pass(9_000);
    answers.pop()!({ ms: 1, problem: 'connection refused' });
    await pass(0);
    const said = JSON.stringify([[...prober.failures()], prober.report('staging', 'web')]);
    expect(said).toContain('connection refused');
    expect(said).not.toContain('hunter2');
  });
});

describe('probes', () => {
  let folder: string;
  let server: Server;
  let port: number;
  let said: string[];
  const running: Probes[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'berth-probes-'));
    said = [];
    server = createServer((_, response) => response.end('ready'));
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    for (const probes of running.splice(0)) await probes.stop();
    server.close();
    rmSync(folder, { recursive: true });
  });

  async function start(options: Partial<ProbesOptions> = {}): Promise<Probes> {
    const say = (_: object, message: string): void => void said.push(message);
    const probes = await startProbes({
      targets: () => [testTarget('web', { port })],
      resolve: async () => ['127.0.0.1'],
      file: join(folder, 'latencies'),
      log: { info: say, warn: say, error: say },
      now: Date.now,
      periodMs: 20,
      ...options,
    });
    running.push(probes);
    return probes;
  }
  const answered = (probes: Probes) =>
    probes.report('staging', 'web').probes[0]?.points.reduce((sum, { succeeded }) => sum + succeeded, 0) ?? 0;

  it('go on after a restart with what was before', async () => {
    const before = await start();
    await until(() => answered(before) > 0);
    await before.stop();
    const count = answered(before);
    server.close();
    const after = await start();
    await until(() => after.failures().size > 0);
    expect(answered(after)).toBe(count);
    expect(after.failures().get('staging/web')![0]!.problem).toBe('connection refused');
  });

  it('keep what they know while they run: a kill takes no more than what came since', async () => {
    await start({ saveMs: 5 });
    await until(() => existsSync(join(folder, 'latencies')));
    const length = () => readFileSync(join(folder, 'latencies')).length;
    await until(() => length() > 2_000);
  });

  it('say that the file is damaged, and begin anew', async () => {
    writeFileSync(join(folder, 'latencies'), 'damaged');
    const probes = await start();
    expect(said).toContain(
      'the file of latencies does not begin as a file of latencies; what can be used of it is',
    );
    await until(() => answered(probes) > 0);
  });

  it('go on where nothing can be written', async () => {
    const probes = await start({ file: join(folder, 'not-there/latencies'), saveMs: 5 });
    await until(() => said.includes('latencies cannot be kept') && answered(probes) > 0);
  });
});
