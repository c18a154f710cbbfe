import type { ManifestObject } from '@berth/manifests';
import { UserError } from '@berth/model';
import { deploy, type DeployRequest } from './deploy';
import type { DeployEvent } from './events';
import type { DeployRecord, NewRecord } from './record';
import { recordToRestore, rollback, type RollbackRequest } from './rollback';
import { World } from './testing-world';

const deployment = (name: string, image = 'image:1'): ManifestObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'staging', labels: { 'app.kubernetes.io/name': name } },
  spec: { image },
});
const first = [deployment('web'), deployment('old')];
const second = [deployment('web', 'image:2'), deployment('new')];

function request(objects: ManifestObject[], options: Partial<DeployRequest> = {}): DeployRequest {
  return {
    environment: 'staging',
    render: () => objects,
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: { web: ['new', 'old'] },
    author: 'ana@laptop',
    clock: () => 0,
    ...options,
  };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect(false).toBe(true),
    (error: Error) => error,
  ) as Promise<Error>;

/** What is there, as `deployment/web image:1`. */
const present = (world: World) =>
  [...world.objects.values()]
    .map(({ metadata, spec }) => `${metadata.name} ${(spec as { image: string }).image}`)
    .sort();
const outcomes = (world: World) => world.written.map(({ number, outcome }) => `${number} ${outcome}`);

describe('a deploy that fails', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
    world.sick.add('image:2');
  });

  it('goes back to the last good record as a whole, and says first why it failed', async () => {
    await deploy(world, request(first, { commit: '0123456789abcdef' }));
    const events: DeployEvent[] = [];
    const onEvent = (event: DeployEvent) => events.push(event);
    const { message } = await failureOf(deploy(world, request(second, { onEvent })));
    expect(message).toBe(
      'web cannot run\n\nstaging was brought back to record 1 (commit 0123456789, by ana@laptop).',
    );
    expect(present(world)).toEqual(['old image:1', 'web image:1']);
    expect(outcomes(world)).toEqual(['3 succeeded', '2 failed', '1 succeeded']);
    expect(world.written[0]).toMatchObject({ restores: 1, commit: '0123456789abcdef', objects: first });
    expect(world.written[1]).toMatchObject({ failure: 'web cannot run', objects: second });
    expect(events).toContainEqual({ kind: 'bringing back', failure: 'web cannot run', record: 1 });
    expect(world.holder).toBeUndefined();
    // What is live is what the last record says: there is nothing to do.
    expect((await deploy(world, request(first))).record).toBeUndefined();
  });

  it('stays as it is when it is told so', async () => {
    await deploy(world, request(first));
    const { message } = await failureOf(deploy(world, request(second, { noRollback: true })));
    expect(message).toBe('web cannot run');
    expect(outcomes(world)).toEqual(['2 failed', '1 succeeded']);
    // The same deploy again finds all applied, fails, and goes back.
    await failureOf(deploy(world, request(second)));
    expect(present(world)).toEqual(['old image:1', 'web image:1']);
  });

  it('and is the first says that there is nothing to go back to', async () => {
    const { message } = await failureOf(deploy(world, request(second)));
    expect(message).toBe(
      'web cannot run\n\nstaging has no good record yet to go back to. What was applied stays.',
    );
    expect(present(world)).toEqual(['new image:1', 'web image:2']);
  });

  it('of the very set that was good does not go back to it', async () => {
    await deploy(world, request(first));
    world.objects.clear();
    world.sick.add('image:1');
    const { message } = await failureOf(deploy(world, request(first)));
    expect(message).toContain('web cannot run\n\nRecord 1, the last good one, is this very set');
    expect(outcomes(world)).toEqual(['2 failed', '1 succeeded']);
  });

  it('before its first write in a new environment leaves its namespace', async () => {
    world.refused = new UserError('The server refuses it');
    const { message } = await failureOf(deploy(world, request(first)));
    expect(message).toBe('The server refuses it\n\nOnly its namespace was made.');
    expect(present(world)).toEqual([]);
  });

  it('before its first write changes nothing', async () => {
    await deploy(world, request(first));
    world.refused = new UserError('Others have set fields', '--take-over');
    const error = await failureOf(deploy(world, request(second)));
    expect(error).toMatchObject({
      message: 'Others have set fields\n\nNothing was changed.',
      hint: '--take-over',
    });
    expect(outcomes(world)).toEqual(['2 failed', '1 succeeded']);
  });

  it('and cannot go back keeps its own cause first, and is not tried again', async () => {
    await deploy(world, request(first));
    world.sick.add('image:1');
    const { message } = await failureOf(deploy(world, request(second)));
    expect(message).toMatch(
      /^web cannot run\n\nstaging could not be brought back to record 1 \(by ana@laptop\): \w+ cannot run What was applied stays\.$/,
    );
    expect(outcomes(world)).toEqual(['3 failed', '2 failed', '1 succeeded']);
  });

  it('keeps the stack of what is no person’s error', async () => {
    await deploy(world, request(first));
    const bug = new TypeError('x is not a function');
    world.prune = () => Promise.reject(bug);
    const events: DeployEvent[] = [];
    const set = [deployment('web', 'image:3')];
    const failing = deploy(world, request(set, { onEvent: (event) => events.push(event) }));
    expect(await failureOf(failing)).toBe(bug);
    expect(events).toContainEqual({ kind: 'notice', message: expect.stringContaining('brought back') });
  });

  it('says so when Ctrl-C comes while it goes back, and the next run converges', async () => {
    await deploy(world, request(first));
    const interruption = new AbortController();
    const onEvent = ({ kind }: DeployEvent) => {
      if (kind === 'bringing back') interruption.abort(new Error('interrupted'));
    };
    const { message } = await failureOf(
      deploy(world, request(second, { onEvent, signal: interruption.signal })),
    );
    expect(message).toMatch(
      /^web cannot run\n\nstaging could not be brought back to record 1[^]*interrupted/,
    );
    expect(outcomes(world)).toEqual(['3 interrupted', '2 failed', '1 succeeded']);
    expect(world.holder).toBeUndefined();
    await deploy(world, request(first));
    expect(present(world)).toEqual(['old image:1', 'web image:1']);
  });

  it('and is killed anywhere on its way back leaves what the next run puts right', async () => {
    const rehearsal = new World();
    rehearsal.sick.add('image:2');
    await deploy(rehearsal, request(first));
    const start = rehearsal.effects.length;
    await failureOf(deploy(rehearsal, request(second)));
    const last = rehearsal.effects.length;
    // prepare, acquire, two objects, the record of the failure, one object back, prune, record, release
    expect(last - start).toBe(9);
    for (let step = start + 1; step <= last; step++) {
      for (const next of [first, second]) {
        const killed = new World();
        killed.sick.add('image:2');
        await deploy(killed, request(first));
        killed.diesAt = step;
        await failureOf(deploy(killed, request(second)));
        killed.revive();
        await deploy(killed, request(next)).catch(() => undefined);
        expect(present(killed)).toEqual(['old image:1', 'web image:1']);
        expect(killed.written[0]).toMatchObject({ outcome: 'succeeded', objects: first });
        expect([...killed.inventory.keys()].sort()).toEqual([...killed.objects.keys()].sort());
      }
    }
  });
});

describe('rollback', () => {
  let world: World;
  const back = (options: Partial<RollbackRequest> = {}): RollbackRequest => ({
    environment: 'staging',
    images: () => ({ resolve: async () => ({}), build: () => Promise.reject(new Error('built')) }),
    author: 'ben@laptop',
    clock: () => 0,
    ...options,
  });
  beforeEach(async () => {
    world = new World();
    await deploy(world, request(first, { commit: 'abc' }));
    await deploy(world, request(second));
  });

  it('brings back the whole set by the same flow, in the order of its needs', async () => {
    world.effects.length = 0;
    const outcome = await rollback(world, back());
    expect(outcome).toMatchObject({ record: 3, restored: { number: 1 } });
    expect(present(world)).toEqual(['old image:1', 'web image:1']);
    expect(world.effects).toEqual([
      'prepare',
      'acquire',
      'apply deployment/old',
      'apply deployment/web',
      'prune deployment/new',
      'record',
      'release',
    ]);
    expect(world.written[0]).toMatchObject({ author: 'ben@laptop', commit: 'abc', restores: 1 });
  });

  it('changes nothing in a dry run, nor when an image is gone', async () => {
    world.effects.length = 0;
    await rollback(world, back({ dryRun: true }));
    const images = () => ({
      resolve: () => Promise.reject(new UserError('web@sha256:1 is gone')),
      build: async () => ({}),
    });
    expect((await failureOf(rollback(world, back({ images })))).message).toBe('web@sha256:1 is gone');
    expect(world.effects).toEqual([]);
  });

  it('that fails goes back to what was good before it', async () => {
    world.sick.add('old');
    const { message } = await failureOf(rollback(world, back()));
    expect(message).toMatch(/^old cannot run\n\nstaging was brought back to record 2/);
    expect(present(world)).toEqual(['new image:1', 'web image:2']);
  });
});

describe('the record to restore', () => {
  const record = (number: number, changes: Partial<DeployRecord> = {}): DeployRecord => ({
    number,
    author: 'ana@laptop',
    startedAt: '',
    finishedAt: '',
    images: {},
    outcome: 'succeeded',
    changes: [],
    set: `set ${number}`,
    ...changes,
  });
  const failed: Partial<DeployRecord> = { outcome: 'failed' satisfies NewRecord['outcome'] };
  const chosen = (records: DeployRecord[], to?: number) => recordToRestore('staging', records, to).number;

  it('is the one before the live set, and one further back each time', () => {
    const records = [record(3), record(2), record(1)];
    expect(chosen(records)).toBe(2);
    expect(chosen([record(4, { restores: 2, set: 'set 2' }), ...records])).toBe(1);
  });

  it('is the last good one when the newest failed', () => {
    expect(chosen([record(3, failed), record(2), record(1)])).toBe(2);
  });

  it('is never one of the same set, nor a bad one', () => {
    expect(chosen([record(4, { set: 'a' }), record(3, failed), record(2, { set: 'a' }), record(1)])).toBe(1);
  });

  it('is the one that is asked for', () => {
    expect(chosen([record(3), record(2), record(1)], 1)).toBe(1);
  });

  it.each([
    [
      [],
      undefined,
      'staging has no good record to go back to: nothing was deployed yet.',
      'nx deploy staging',
    ],
    [[record(1, failed)], undefined, 'staging has no good record to go back to.', 'nx deploy staging'],
    [
      [record(2, failed), record(1)],
      2,
      'Record 2 of staging is of a deploy that failed: only good ones are brought back.',
      'nx run staging:history; good ones are 1',
    ],
    [
      [record(1, { outcome: 'unreadable' })],
      1,
      'Record 1 of staging is of a deploy that cannot be read: only good ones are brought back.',
      'nx run staging:history',
    ],
    [[record(12)], 1, 'staging has no record 1.', 'nx run staging:history; good ones are 12'],
    [
      [record(12)],
      undefined,
      'staging has no good record before 12, the one that is live.',
      'nx run staging:history; good ones are 12',
    ],
  ])('is refused when there is none: %#', (records, to, message, hint) => {
    expect(() => chosen(records, to)).toThrow(expect.objectContaining({ message, hint }));
  });
});
