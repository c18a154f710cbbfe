import type { Destroying, DestroyOptions, ExpiredEnvironment, Expiring } from '@berth/deploy';
import { UserError } from '@berth/model';
import { destroyExpired } from './destroy-expired';
import { refusing, type Place } from './places';

/** A cluster in memory: what has expired, and what cannot be deleted. */
class Cluster implements Destroying, Expiring {
  destroyed: string[] = [];
  stuck: string[] = [];
  /** Called before anything is deleted. */
  meanwhile: () => void = () => undefined;

  constructor(private names: string[]) {}

  async expired(): Promise<ExpiredEnvironment[]> {
    const found = this.names.map((environment) => ({
      environment,
      ttl: '3d',
      deployedAt: '2026-11-01T00:00:00Z',
    }));
    this.meanwhile();
    return found;
  }

  redeploy(name: string): void {
    this.names = this.names.filter((other) => other !== name);
  }

  async planDestroy(name: string) {
    return [{ apiVersion: 'v1', kind: 'Namespace', name }];
  }

  async destroy(name: string, { onlyIf }: DestroyOptions): Promise<boolean> {
    if (this.stuck.includes(name)) throw new UserError(`${name} is being deployed`);
    if (!(await onlyIf?.())) return false;
    this.destroyed.push(name);
    this.redeploy(name);
    return true;
  }
}

const command = 'nx run berth:destroy --expired';
const onKubernetes = (target: Place['target']): Place[] => [{ orchestrator: 'kubernetes', target }];

describe('destroying what has expired', () => {
  let printed: string[];
  beforeEach(() => {
    printed = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  });
  afterEach(() => jest.restoreAllMocks());

  it('lists everything first, then deletes it', async () => {
    const cluster = new Cluster(['pr-1', 'pr-2']);
    const result = await destroyExpired(onKubernetes(cluster), 'local', { force: true }, command);
    expect(result).toMatchObject({ dryRun: false, destroyed: ['pr-1', 'pr-2'] });
    expect(printed.slice(0, 4)).toEqual([
      'pr-1 was deployed at 2026-11-01T00:00:00Z, its ttl is 3d. Destroying it deletes:',
      '  namespace/pr-1',
      'pr-2 was deployed at 2026-11-01T00:00:00Z, its ttl is 3d. Destroying it deletes:',
      '  namespace/pr-2',
    ]);
  });

  it('only lists in a dry run', async () => {
    const cluster = new Cluster(['pr-1']);
    const result = await destroyExpired(onKubernetes(cluster), 'local', { dryRun: true }, command);
    expect(result.expired).toMatchObject([{ environment: 'pr-1', objects: ['namespace/pr-1'] }]);
    expect(cluster.destroyed).toEqual([]);
  });

  it('asks for the cluster’s name: without a terminal and --force nothing goes', async () => {
    const cluster = new Cluster(['pr-1']);
    await expect(
      destroyExpired(onKubernetes(cluster), 'local', { confirm: 'pr-1' }, command),
    ).rejects.toThrow('Nothing was destroyed: --confirm says pr-1, the name is local.');
    expect(cluster.destroyed).toEqual([]);
    await destroyExpired(onKubernetes(cluster), 'local', { confirm: 'local' }, command);
    expect(cluster.destroyed).toEqual(['pr-1']);
  });

  it('lets one that was deployed again meanwhile stay', async () => {
    const cluster = new Cluster(['pr-1', 'pr-2']);
    cluster.meanwhile = () => cluster.redeploy('pr-1');
    expect(await destroyExpired(onKubernetes(cluster), 'local', { force: true }, command)).toMatchObject({
      destroyed: ['pr-2'],
    });
    expect(printed).toContain('pr-1 was deployed again meanwhile: it stays.');
  });

  it('goes on after one that cannot be deleted, and tells of it at the end', async () => {
    const cluster = new Cluster(['pr-1', 'pr-2']);
    cluster.stuck = ['pr-1'];
    await expect(
      destroyExpired(onKubernetes(cluster), 'local', { force: true }, command),
    ).rejects.toMatchObject({
      message: 'pr-1 is being deployed',
      hint: expect.stringContaining(command),
    });
    expect(cluster.destroyed).toEqual(['pr-2']);
  });

  it('says so when nothing has expired', async () => {
    await destroyExpired(onKubernetes(new Cluster([])), 'local', {}, command);
    expect(printed).toEqual(['Nothing on the cluster local has expired.']);
  });

  it('goes over all that runs environments of the cluster, and says what is where', async () => {
    const kubernetes = new Cluster(['pr-1']);
    const swarm = new Cluster(['pr-2']);
    const places: Place[] = [...onKubernetes(kubernetes), { orchestrator: 'swarm', target: swarm }];
    const result = await destroyExpired(places, 'local', { force: true }, command);
    expect(result.destroyed).toEqual(['pr-1', 'pr-2']);
    expect(result.expired).toMatchObject([{ orchestrator: 'kubernetes' }, { orchestrator: 'swarm' }]);
    expect([kubernetes.destroyed, swarm.destroyed]).toEqual([['pr-1'], ['pr-2']]);
    expect(printed[2]).toMatch(/^pr-2 on Swarm was deployed at /);
  });

  it('removes what it can where a part cannot be asked, and does not say that all is well', async () => {
    const cluster = new Cluster(['pr-1']);
    const away = refusing(new UserError('dockerd does not answer', 'start it'));
    const places: Place[] = [{ orchestrator: 'swarm', target: away }, ...onKubernetes(cluster)];
    await expect(destroyExpired(places, 'local', { force: true }, command)).rejects.toMatchObject({
      message: 'dockerd does not answer (start it)',
    });
    expect(cluster.destroyed).toEqual(['pr-1']);
    printed.length = 0;
    const dryRun = destroyExpired([places[0]!], 'local', { dryRun: true }, command);
    await expect(dryRun).rejects.toThrow('dockerd does not answer');
    expect(printed).toEqual([]);
  });

  it('one whose objects cannot be listed stays, and does not keep the others', async () => {
    const cluster = new Cluster(['pr-1', 'pr-2']);
    const list = cluster.planDestroy.bind(cluster);
    cluster.planDestroy = async (name) => {
      if (name === 'pr-1') throw new UserError('pr-1 has what Berth did not make');
      return list(name);
    };
    await expect(destroyExpired(onKubernetes(cluster), 'local', { force: true }, command)).rejects.toThrow(
      'pr-1 has what Berth did not make',
    );
    expect(cluster.destroyed).toEqual(['pr-2']);
  });
});
