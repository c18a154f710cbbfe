import type { Cluster } from '@berth/model';
import type { BareMetal } from './bare-metal';
import { ByHosts } from './by-hosts';
import type { HostsCluster } from './hosts/hosts-cluster';

const named = (title: string) => ({
  planCreate: async () => [{ title, details: [], run: async () => undefined }],
  planRemoval: async () => [{ title, details: [], run: async () => undefined }],
});
const provider = new ByHosts(
  named('this machine') as unknown as BareMetal,
  named('over ssh') as unknown as HostsCluster,
);
const cluster = (...hosts: string[]) =>
  ({ name: 'rack', root: 'deploy/clusters/rack', hosts }) as unknown as Cluster;

describe('a cluster on bare metal', () => {
  it.each([
    [['localhost'], 'this machine'],
    [['root@127.0.0.1'], 'this machine'],
    [['10.0.0.7'], 'over ssh'],
    [['root@rack-1', 'root@rack-2'], 'over ssh'],
  ])('on %j is made %s', async (hosts, how) => {
    expect((await provider.planCreate(cluster(...hosts))).map(({ title }) => title)).toEqual([how]);
  });

  it('has no host to remove when it is this machine', async () => {
    expect(await provider.planRemoval(cluster('localhost'))).toEqual([]);
  });

  it('does not take this machine by a name that the other hosts know it not by', async () => {
    await expect(provider.planCreate(cluster('localhost', 'rack-2'))).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(
        'deploy/clusters/rack/cluster.json at hosts: cluster rack has localhost',
      ),
    });
  });
});
