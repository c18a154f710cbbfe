import { ApiError, type LiveObject } from '@berth/kube';
import { lastDeployOf, noteLastDeploy } from './last-deploy';
import { ClientStandIn } from './testing-client';
import { testNamespace } from './testing-objects';

const deploy = { number: 7, author: 'ana@laptop', outcome: 'succeeded' as const, commit: '0123456789' };
const namespaceWith = (note: string) =>
  testNamespace('staging', { 'berth.dev/last-deploy': note }) as LiveObject;

it('is read as it was noted', async () => {
  const patches: { metadata: { annotations: Record<string, string> } }[] = [];
  const stand = new ClientStandIn();
  stand.now = () => new Date('2026-01-02T12:00:00Z');
  const client = Object.assign(stand, {
    patch: async (_: unknown, patch: (typeof patches)[0]) => void patches.push(patch),
  });
  await noteLastDeploy(client.client, 'staging', deploy);
  const note = patches[0]!.metadata.annotations['berth.dev/last-deploy']!;
  expect(lastDeployOf(namespaceWith(note))).toEqual({ ...deploy, at: '2026-01-02T12:00:00.000Z' });
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
    await noteLastDeploy(failing(status), 'staging', deploy);
    await expect(noteLastDeploy(failing(500), 'staging', deploy)).rejects.toThrow('no');
  },
);
