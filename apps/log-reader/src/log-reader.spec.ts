import {
  ApiError,
  type KubeClient,
  type LiveObject,
  type LogStreamOptions,
  type TimedLine,
} from '@berth/kube';
import { LogReader } from './log-reader';

/** A cluster in memory, as much of it as the log reader asks. */
class ClusterStandIn {
  secrets: Record<string, string> | undefined = {};
  labels: Record<string, string> = { 'app.kubernetes.io/managed-by': 'berth' };
  /** By pod and container; an Error is thrown. */
  logs: Record<string, (string | Error)[]> = {};
  /** Called before a log is read. */
  meanwhile: () => void = () => undefined;
  /** What may not be read, by kind. */
  readonly refused = new Map<string, ApiError>();
  readonly asked: (string | LogStreamOptions)[] = [];

  get client(): Pick<KubeClient, 'get' | 'logStream'> {
    return {
      get: async ({ kind, name, namespace }) => {
        this.asked.push(`${kind} ${namespace ?? ''}/${name}`);
        const refusal = this.refused.get(kind);
        if (refusal) throw refusal;
        const object = {
          apiVersion: 'v1',
          kind,
          metadata: { name, labels: this.labels },
        } as unknown as LiveObject;
        if (kind === 'Namespace') return object;
        const data = Object.entries(this.secrets ?? {}).map(([key, value]) => [
          key,
          Buffer.from(value).toString('base64'),
        ]);
        return this.secrets && { ...object, data: Object.fromEntries(data) };
      },
      logStream: (_, pod, options) => this.#log(pod, options),
    };
  }

  async *#log(pod: string, options: LogStreamOptions): AsyncGenerator<TimedLine> {
    this.asked.push(options);
    this.meanwhile();
    for (const text of this.logs[`${pod}/${options.container}`] ?? []) {
      if (text instanceof Error) throw text;
      yield { time: '2026-01-02T12:00:00.000000000Z', text };
    }
  }
}

let cluster: ClusterStandIn;
let reader: LogReader;
beforeEach(() => {
  cluster = new ClusterStandIn();
  reader = new LogReader({ client: cluster.client });
});
const source = { pod: 'web-1', container: 'web', previous: false };
const read = async (...sources: (typeof source)[]) =>
  (await reader.read({ environment: 'staging', sources: sources.length > 0 ? sources : [source] })).map(
    ({ lines, ...rest }) => ({ ...rest, lines: lines.map(({ text }) => text) }),
  );

it('gives the last lines of each container, with the secrets of the environment masked', async () => {
  cluster.secrets = { STORE_PASSWORD: 'hunter2', OTHER: 'correct horse' };
  cluster.logs = { 'web-1/web': ['hunter2 is not taken'], 'web-1/proxy': ['"correct horse"', 'well'] };
  expect(await read({ ...source, previous: true }, { ...source, container: 'proxy' })).toEqual([
    { ...source, previous: true, isCut: false, lines: ['*** is not taken'] },
    { ...source, container: 'proxy', isCut: false, lines: ['"***"', 'well'] },
  ]);
  expect(cluster.asked).toContainEqual({
    container: 'web',
    previous: true,
    tailLines: 101,
    signal: expect.any(AbortSignal),
  });
  expect(cluster.asked.filter((each) => typeof each === 'string')).toEqual([
    'Namespace /staging',
    'Secret staging/berth-secrets',
    'Secret staging/berth-secrets',
  ]);
});

it('gives the lines of an environment that has no secrets', async () => {
  cluster.secrets = undefined;
  cluster.logs = { 'web-1/web': ['well'] };
  expect(await read()).toMatchObject([{ lines: ['well'] }]);
});

it.each([403, 500, 503])('gives no line while the secrets answer %d', async (status) => {
  cluster.logs = { 'web-1/web': ['hunter2'] };
  cluster.refused.set('Secret', new ApiError('no', status, 'No', []));
  await expect(read()).rejects.toThrow('no');
});

it('gives no line when the secrets cannot be read any more once the lines were', async () => {
  cluster.logs = { 'web-1/web': ['hunter2'] };
  cluster.meanwhile = () => cluster.refused.set('Secret', new ApiError('no', 503, 'No', []));
  await expect(read()).rejects.toThrow('no');
});

it('reads no log of a namespace that Berth has not made', async () => {
  cluster.labels = {};
  await expect(read()).rejects.toThrow('There is no environment staging.');
  expect(cluster.asked).toEqual(['Namespace /staging']);
});

it('masks what was set while the lines were read, and what was before', async () => {
  cluster.secrets = { STORE_PASSWORD: 'earlier-one' };
  cluster.logs = { 'web-1/web': ['earlier-one', 'later-one'] };
  cluster.meanwhile = () => (cluster.secrets = { STORE_PASSWORD: 'later-one' });
  expect(await read()).toMatchObject([{ lines: ['***', '***'] }]);
  // A pod that was not started anew still has it.
  expect(await read()).toMatchObject([{ lines: ['***', '***'] }]);
});

it('says of which container nothing can be read, in words of its own, and gives the others', async () => {
  cluster.secrets = { STORE_PASSWORD: 'hunter2' };
  cluster.logs = {
    'web-1/web': ['half', new ApiError('the node said hunter2', 500, 'InternalError', [])],
    'web-1/proxy': ['well'],
    'web-1/init': [new Error('socket hang up')],
  };
  const [web, proxy, init] = await read(
    source,
    { ...source, container: 'proxy' },
    { ...source, container: 'init' },
  );
  expect(web).toMatchObject({
    lines: [],
    failure: 'The API server does not give its lines (500 InternalError).',
  });
  expect(proxy).toMatchObject({ lines: ['well'] });
  expect(init).toMatchObject({ lines: [], failure: expect.stringContaining('The connection broke') });
});

it('waits for lines only so long', async () => {
  const client: Pick<KubeClient, 'get' | 'logStream'> = {
    ...cluster.client,
    async *logStream(_environment, _pod, { signal }) {
      yield { time: '2026-01-02T12:00:00.000000000Z', text: 'half' };
      await new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    },
  };
  reader = new LogReader({ client, timeoutMs: 10 });
  expect(await read()).toMatchObject([{ lines: [], failure: 'Its lines did not come within 0.01 seconds.' }]);
});
