import type { DockerClient } from './docker/client';
import type { DockerConfig } from './docker/objects';
import { expired } from './expired';

const now = new Date('2026-11-10T12:00:00Z');

function mark(environment: string, labels: Record<string, string>, name?: string): DockerConfig {
  return {
    ID: environment,
    Version: { Index: 1 },
    CreatedAt: '2026-10-01T00:00:00.123456789Z',
    UpdatedAt: '2026-11-10T11:59:59Z',
    Spec: {
      Name: name ?? `${environment}_berth-environment`,
      Labels: { 'berth.dev/environment': environment, ...labels },
    },
  };
}

/** A Swarm with these marks. */
function swarm(...marks: DockerConfig[]): DockerClient {
  const get = async (path: string, { query }: { query?: { filters: string } } = {}) => {
    if (path === '/info')
      return { Swarm: { LocalNodeState: 'active', ControlAvailable: true, NodeID: 'one' } };
    expect([path, JSON.parse(query?.filters ?? '')]).toEqual([
      '/configs',
      { label: ['berth.dev/kind=environment', 'app.kubernetes.io/managed-by=berth'] },
    ]);
    return marks;
  };
  return { get } as unknown as DockerClient;
}

const ttl = { 'berth.dev/ttl': '12h' };
const deployed = (time: string) => ({ 'berth.dev/deployed-at': time });

it('counts from the last deploy', async () => {
  const marks = [
    mark('b', { ...ttl, ...deployed('2026-11-10T00:00:00Z') }),
    mark('c', { ...ttl, ...deployed('2026-11-10T00:00:01Z') }),
    mark('a', { ...ttl, ...deployed('2026-11-09T00:00:00Z') }),
  ];
  expect(await expired(swarm(...marks), now)).toEqual([
    { environment: 'a', ttl: '12h', deployedAt: '2026-11-09T00:00:00Z' },
    { environment: 'b', ttl: '12h', deployedAt: '2026-11-10T00:00:00Z' },
  ]);
});

it('counts from when it was made, while nothing was deployed', async () => {
  expect(await expired(swarm(mark('a', ttl)), now)).toMatchObject([
    { deployedAt: '2026-10-01T00:00:00.123456789Z' },
  ]);
});

it.each([
  ['it is protected', { ...ttl, 'berth.dev/protected': 'true' }],
  ['it has no ttl', {}],
  ['somebody wrote a ttl that is none', { 'berth.dev/ttl': 'soon' }],
])('one stays when %s', async (_, labels) => {
  expect(await expired(swarm(mark('x', labels)), now)).toEqual([]);
});

it('is not misled by a config that names another environment than its own', async () => {
  const stray = mark('staging', ttl, 'pr-1_berth-environment');
  expect(await expired(swarm(stray, mark('', ttl)), now)).toEqual([]);
});

it('of which it cannot be said is told, stays, and does not keep the others', async () => {
  const marks = swarm(mark('a', { ...ttl, ...deployed('yesterday') }), mark('b', ttl));
  const unknown: string[] = [];
  const found = await expired(marks, now, (name, { message }) => unknown.push(`${name}: ${message}`));
  expect(found).toMatchObject([{ environment: 'b' }]);
  expect(unknown).toEqual([
    expect.stringMatching(/^a: .*a_berth-environment .*"yesterday", which is no time/),
  ]);
  await expect(expired(marks, now)).rejects.toThrow('yesterday');
});
