import { ApiError, type LiveObject } from '@berth/kube';
import fc from 'fast-check';
import type { LastDeploy } from '../deploy-notes';
import { deploysOf, lastDeployOf, noteDeploys } from './last-deploy';
import { ClientStandIn } from './testing-client';
import { testNamespace } from './testing-objects';

const deploy = { number: 7, author: 'ana@laptop', outcome: 'succeeded' as const, commit: '0123456789' };
const namespaceWith = (note: string) =>
  testNamespace('staging', { 'berth.dev/last-deploy': note }) as LiveObject;

/** What is on the namespace after this was noted. */
async function noted(last: Omit<LastDeploy, 'at'>, earlier: readonly LastDeploy[]): Promise<LiveObject> {
  const patches: { metadata: { annotations: Record<string, string> } }[] = [];
  const stand = new ClientStandIn();
  stand.now = () => new Date('2026-01-02T12:00:00Z');
  const client = Object.assign(stand, {
    patch: async (_: unknown, patch: (typeof patches)[0]) => void patches.push(patch),
  });
  await noteDeploys(client.client, 'staging', last, earlier);
  return testNamespace('staging', patches[0]!.metadata.annotations) as LiveObject;
}

it('is read as it was noted', async () => {
  const namespace = await noted(deploy, []);
  expect(lastDeployOf(namespace)).toEqual({ ...deploy, at: '2026-01-02T12:00:00.000Z' });
});

describe('the history', () => {
  const earlier = {
    ...deploy,
    number: 6,
    outcome: 'failed' as const,
    at: '2026-01-02T11:00:00Z',
    restores: 4,
  };

  it('is read as it was noted, with nothing more than it names', async () => {
    const namespace = await noted(deploy, [{ ...earlier, failure: 'password=1' } as LastDeploy]);
    expect(deploysOf(namespace)).toEqual([{ ...deploy, at: '2026-01-02T12:00:00.000Z' }, earlier]);
    expect(JSON.stringify(namespace)).not.toContain('password');
  });

  it('has the last deploy also when an older Berth has noted it, and where there is no other', () => {
    const last = JSON.stringify({ ...deploy, number: 8, at: '2026-01-02T13:00:00Z' });
    const annotations = { 'berth.dev/last-deploy': last, 'berth.dev/deploys': JSON.stringify([earlier]) };
    const numbers = (namespace: unknown) => deploysOf(namespace as LiveObject).map(({ number }) => number);
    expect(numbers(testNamespace('staging', annotations))).toEqual([8, 6]);
    expect(numbers(testNamespace('staging', { 'berth.dev/last-deploy': last }))).toEqual([8]);
    expect(numbers(testNamespace('staging'))).toEqual([]);
  });

  it.each(['', '{', '7', 'null', '{}', '[null, 7, {}]'])('is nothing where it says %j', (text) => {
    expect(deploysOf(testNamespace('staging', { 'berth.dev/deploys': text }) as LiveObject)).toEqual([]);
  });

  it('stays small, whoever has deployed: the oldest are left out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 3_000 }), { maxLength: 11 }),
        async (authors) => {
          const before = authors.map((author, index) => ({ ...earlier, author, number: 100 - index }));
          const namespace = await noted({ ...deploy, number: 101 }, before);
          expect(
            Buffer.byteLength(namespace.metadata.annotations!['berth.dev/deploys']!),
          ).toBeLessThanOrEqual(4_096);
          const numbers = deploysOf(namespace).map(({ number }) => number);
          expect(numbers).toEqual([101, ...before.map(({ number }) => number)].slice(0, numbers.length));
        },
      ),
      { numRuns: 30 },
    );
  });
});

it.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['a number', '7'],
  ['null', 'null'],
  ['no time', JSON.stringify(deploy)],
  ['another outcome', JSON.stringify({ ...deploy, at: '2026-01-02T12:00:00Z', outcome: '<b>' })],
  ['an author who is none', JSON.stringify({ ...deploy, at: '2026-01-02T12:00:00Z', author: {} })],
])('is not there where the note says %s', (_, note) => {
  expect(lastDeployOf(namespaceWith(note))).toBeUndefined();
});

it('has no more than what it names', () => {
  const note = JSON.stringify({ ...deploy, at: '2026-01-02T12:00:00Z', failure: 'password=1' });
  expect(Object.keys(lastDeployOf(namespaceWith(note)) ?? {})).not.toContain('failure');
});

it.each([403, 404])(
  'stops no deploy when the namespace answers %d, and does for all else',
  async (status) => {
    const failing = (code: number) =>
      Object.assign(new ClientStandIn(), {
        patch: async () => {
          throw new ApiError('no', code, 'No', []);
        },
      }).client;
    await noteDeploys(failing(status), 'staging', deploy, []);
    await expect(noteDeploys(failing(500), 'staging', deploy, [])).rejects.toThrow('no');
  },
);
