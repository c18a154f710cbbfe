import { PassThrough } from 'node:stream';
import { ApiError } from './errors';
import type { LiveObject, ObjectList } from './object';
import { Watch, type WatchSource } from './watch';

const pod = (name: string, resourceVersion: string, phase = 'Running'): LiveObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'staging', uid: name, resourceVersion, creationTimestamp: '' },
  status: { phase },
});

/** A source whose lists are given beforehand, and whose streams the test writes to and ends. */
class Source implements WatchSource {
  lists: (ObjectList | Error)[] = [];
  refusals: Error[] = [];
  readonly streams: { from: string; body: PassThrough }[] = [];
  listed = 0;
  cutAfterFirst = false;

  /** In two parts. */
  async *pages(_: AbortSignal): AsyncGenerator<ObjectList> {
    this.listed++;
    const list = this.lists.length > 1 ? this.lists.shift() : this.lists[0];
    if (list === undefined || list instanceof Error) throw list ?? new Error('no list');
    const { items, resourceVersion } = list;
    yield { items: items.slice(0, 1), resourceVersion };
    if (this.cutAfterFirst) throw new ApiError('too old', 410, 'Expired', []);
    yield { items: items.slice(1), resourceVersion };
  }

  async stream(from: string): Promise<PassThrough> {
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    const body = new PassThrough();
    this.streams.push({ from, body });
    return body;
  }

  send(type: string, object: unknown): void {
    this.streams.at(-1)?.body.write(`${JSON.stringify({ type, object })}\n`);
  }
}

describe('Watch', () => {
  let source: Source;
  let watch: Watch | undefined;
  let errors: Error[];
  let look: () => void;

  /** Waits for a condition; the test's own time-out is the limit. */
  const eventually = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => (condition() ? resolve() : undefined);
      const timer = setInterval(() => condition() && (clearInterval(timer), resolve()), 5);
      look();
    });
  const open = (lists: (ObjectList | Error)[]): Watch => {
    source.lists = lists;
    watch = new Watch(source, { onChange: () => look(), onError: (error) => errors.push(error) });
    return watch;
  };
  const names = () =>
    watch
      ?.items()
      .map(({ metadata }) => metadata.name)
      .sort();

  beforeEach(() => {
    source = new Source();
    errors = [];
    look = () => undefined;
  });
  afterEach(() => watch?.close());

  it('lists, then takes in what is added, modified and deleted', async () => {
    const pods = open([{ items: [pod('a', '1'), pod('b', '2')], resourceVersion: '5' }]);
    await pods.synced;
    await eventually(() => source.streams.length === 1);
    expect(source.streams[0]?.from).toBe('5');
    source.send('ADDED', pod('c', '6'));
    source.send('MODIFIED', pod('a', '7', 'Failed'));
    source.send('DELETED', pod('b', '8'));
    await eventually(() => pods.get('b', 'staging') === undefined);
    expect(names()).toEqual(['a', 'c']);
    expect(pods.get('a', 'staging')?.status).toEqual({ phase: 'Failed' });
  });

  it('names what came, went or is other than before, also after a new list', async () => {
    const told: string[][] = [];
    source.lists = [
      { items: [pod('a', '1'), pod('b', '2')], resourceVersion: '5' },
      { items: [pod('b', '2'), pod('c', '7'), pod('d', '8')], resourceVersion: '90' },
    ];
    watch = new Watch(source, { onChange: (keys) => told.push([...keys].sort()) });
    await watch.synced;
    await eventually(() => source.streams.length === 1);
    const before = watch.at('staging/b');
    source.send('MODIFIED', pod('c', '6'));
    source.send('ERROR', { code: 410, message: 'too old resource version' });
    await eventually(() => source.streams.length === 2);
    expect(told).toEqual([
      ['staging/a', 'staging/b'],
      ['staging/c'],
      ['staging/a', 'staging/c', 'staging/d'],
    ]);
    expect(watch.at('staging/b')).toBe(before);
    expect([watch.at('staging/a'), watch.size]).toEqual([undefined, 3]);
  });

  it('keeps of each object what it is told to', async () => {
    source.lists = [{ items: [pod('a', '1')], resourceVersion: '5' }];
    watch = new Watch(source, { keep: ({ status: _, ...rest }) => rest });
    await watch.synced;
    await eventually(() => source.streams.length === 1);
    source.send('ADDED', pod('b', '6'));
    await eventually(() => watch?.get('b', 'staging') !== undefined);
    expect(watch.items().map((object) => [object.metadata.name, object.status])).toEqual([
      ['a', undefined],
      ['b', undefined],
    ]);
  });

  it('goes on where it was cut, from the last bookmark, without another list', async () => {
    await open([{ items: [], resourceVersion: '5' }]).synced;
    await eventually(() => source.streams.length === 1);
    source.send('ADDED', pod('a', '6'));
    source.send('BOOKMARK', pod('', '40'));
    source.streams[0]?.body.end();
    await eventually(() => source.streams.length === 2);
    expect(source.streams[1]?.from).toBe('40');
    expect(names()).toEqual(['a']);
    expect(source.listed).toBe(1);
  });

  it('lists anew when the server has forgotten its place, and drops what is gone', async () => {
    await open([
      { items: [pod('a', '1'), pod('b', '2')], resourceVersion: '5' },
      { items: [pod('b', '2')], resourceVersion: '90' },
    ]).synced;
    await eventually(() => source.streams.length === 1);
    source.send('ERROR', { code: 410, message: 'too old resource version' });
    await eventually(() => source.streams.length === 2);
    expect(source.streams[1]?.from).toBe('90');
    expect(names()).toEqual(['b']);
    expect(errors).toEqual([]);
  });

  it('shows nothing of a list whose later parts the server has forgotten, and lists anew', async () => {
    await open([
      { items: [pod('a', '1'), pod('b', '2')], resourceVersion: '5' },
      { items: [pod('c', '8'), pod('d', '9')], resourceVersion: '90' },
    ]).synced;
    await eventually(() => source.streams.length === 1);
    source.cutAfterFirst = true;
    source.send('ERROR', { code: 410, message: 'too old resource version' });
    await eventually(() => source.listed === 2);
    expect(names()).toEqual(['a', 'b']);
    source.cutAfterFirst = false;
    source.lists = [{ items: [pod('e', '10'), pod('f', '11')], resourceVersion: '99' }];
    await eventually(() => source.streams.length === 2);
    expect(names()).toEqual(['e', 'f']);
    expect(errors).toEqual([]);
  });

  it('does the same when the server says so before the watch begins', async () => {
    source.refusals = [new ApiError('Gone', 410, 'Expired', [])];
    await open([
      { items: [pod('a', '1')], resourceVersion: '5' },
      { items: [], resourceVersion: '90' },
    ]).synced;
    await eventually(() => source.streams.length === 1);
    expect(source.streams[0]?.from).toBe('90');
    expect(names()).toEqual([]);
  });

  it('keeps what it had while the server is away, and says so', async () => {
    const pods = open([{ items: [pod('a', '1')], resourceVersion: '5' }]);
    await pods.synced;
    await eventually(() => source.streams.length === 1);
    source.refusals = [new Error('refused'), new Error('refused again')];
    source.streams[0]?.body.destroy(new Error('cut'));
    await eventually(() => errors.length === 3);
    expect(pods.healthy).toBe(false);
    expect(names()).toEqual(['a']);
    await eventually(() => source.streams.length === 2);
    expect(source.streams[1]?.from).toBe('5');
    await eventually(() => pods.healthy);
  });

  it('tries a list again that failed', async () => {
    const pods = open([new Error('refused'), { items: [pod('a', '1')], resourceVersion: '5' }]);
    await pods.synced;
    expect(errors.map(({ message }) => message)).toEqual(['refused']);
    expect(names()).toEqual(['a']);
  });

  it('gives up a list that is still being tried when it is closed', async () => {
    const given = new Promise<AbortSignal>((resolve) => {
      source.pages = async function* (signal) {
        resolve(signal);
        yield await new Promise<never>(() => undefined);
      };
    });
    const pods = open([]);
    const signal = await given;
    expect(signal.aborted).toBe(false);
    pods.close();
    expect(signal.aborted).toBe(true);
  });
});
