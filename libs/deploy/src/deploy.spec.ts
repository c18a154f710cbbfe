import type { ManifestObject } from '@berth/manifests';
import { UserError } from '@berth/model';
import { deploy, diff, type DeployRequest } from './deploy';
import type { DeployEvent } from './events';
import type { Images } from './record';
import { setDigest } from './set-digest';
import { World } from './testing-world';

const deployment = (name: string, image = 'image:1'): ManifestObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'staging', labels: { 'app.kubernetes.io/name': name } },
  spec: { image },
});

function request(objects: ManifestObject[], options: Partial<DeployRequest> = {}): DeployRequest {
  return {
    environment: 'staging',
    render: () => objects,
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: { web: ['store'] },
    author: 'ana@laptop',
    clock: () => 0,
    ...options,
  };
}

describe('deploy', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  it('applies in the order of needs, then records; the second time it has no effect at all', async () => {
    const set = [deployment('web'), deployment('store')];
    const { record } = await deploy(world, request(set, { commit: 'abc' }));
    expect(record).toBe(1);
    expect(world.effects).toEqual([
      'prepare',
      'acquire',
      'apply deployment/store',
      'apply deployment/web',
      'record',
      'release',
    ]);
    expect(world.written[0]).toMatchObject({
      author: 'ana@laptop',
      commit: 'abc',
      outcome: 'succeeded',
      changes: ['create deployment/web', 'create deployment/store'],
      set: setDigest(set),
      objects: set,
    });
    world.effects.length = 0;
    expect((await deploy(world, request(set))).record).toBeUndefined();
    expect(world.effects).toEqual([]);
  });

  it('prunes only what has become healthy without it', async () => {
    await deploy(world, request([deployment('web'), deployment('old')]));
    world.sick.add('web');
    const failing = request([deployment('web', 'image:2')], { noRollback: true });
    await expect(deploy(world, failing)).rejects.toThrow(/^web cannot run$/);
    expect(world.names()).toContain('deployment/old');
    expect(world.written[0]).toMatchObject({ outcome: 'failed', failure: 'web cannot run' });
    expect(world.holder).toBeUndefined();
    world.sick.clear();
    await deploy(world, request([deployment('web', 'image:2')]));
    expect(world.names()).toEqual(['deployment/web']);
  });

  it('stops after the plan in a dry run', async () => {
    const events: DeployEvent[] = [];
    const images = { resolve: async () => ({ web: undefined }), build: jest.fn() };
    const options = { images, dryRun: true, onEvent: (event: DeployEvent) => events.push(event) };
    const { changes, missingImages } = await deploy(world, request([deployment('web')], options));
    expect(changes).toMatchObject([{ action: 'create' }]);
    expect(missingImages).toEqual(['web']);
    expect(images.build).not.toHaveBeenCalled();
    expect(world.effects).toEqual([]);
    expect(events.map((event) => event.kind)).toContain('plan');
  });

  it('lists every problem at once and changes nothing', async () => {
    world.found = ['A secret is missing.', 'The credentials may not create.'];
    const images = { resolve: async () => ({ web: undefined }), build: async () => ({}) };
    await expect(deploy(world, request([deployment('web')], { images, noBuild: true }))).rejects.toThrow(
      /3 problems, nothing was changed\.\n {2}- A secret[^]*- The credentials[^]*nx run-many -t docker-push -p web/,
    );
    expect(world.effects).toEqual([]);
  });

  it('lists what the orchestrator refuses and images that are not there among them', async () => {
    world.refusal = 'deployment/web: no.';
    const images = {
      resolve: async () => ({ store: 'store@sha256:1' }),
      build: jest.fn(),
      absent: jest.fn(async () => ['nginx:1']),
    };
    const pod = (name: string, ...used: string[]): ManifestObject => ({
      ...deployment(name),
      spec: { images: used },
    });
    const set = [pod('web', 'nginx:1', 'store@sha256:1')];
    const shown: DeployEvent[] = [];
    await expect(
      deploy(world, request(set, { images, onEvent: (event) => shown.push(event) })),
    ).rejects.toThrow(
      'staging cannot be deployed: 2 problems, nothing was changed.\n  - deployment/web: no.\n  - No registry has the image nginx:1; web would run it.',
    );
    expect(images.absent).toHaveBeenCalledWith(['nginx:1']);
    expect(shown.map(({ kind }) => kind)).toContain('plan');
    expect(images.build).not.toHaveBeenCalled();
    expect(world.effects).toEqual([]);
    await expect(diff(world, 'staging', set)).rejects.toThrow('- deployment/web: no.');
  });

  it('gives the lease back when only under it the orchestrator refuses', async () => {
    const prepare = world.prepare.bind(world);
    world.prepare = async () => {
      await prepare();
      world.refusal = 'deployment/web: no.';
    };
    await expect(deploy(world, request([deployment('web')]))).rejects.toThrow('deployment/web: no.');
    expect(world.effects).toEqual(['prepare', 'acquire', 'release']);
  });

  it('waits for the deploy of another when it is told to, and says whose once', async () => {
    world.holder = 'ben@laptop';
    const notices: string[] = [];
    const onEvent = (event: DeployEvent) => {
      if (event.kind !== 'notice') return;
      notices.push(event.message);
      world.holder = undefined;
    };
    const { record } = await deploy(world, request([deployment('web')], { wait: true, onEvent }));
    expect(record).toBe(1);
    expect(notices).toEqual(['staging is being deployed by ben@laptop Waiting.']);
  });

  it('can be interrupted while it waits', async () => {
    world.holder = 'ben@laptop';
    const interruption = new AbortController();
    const onEvent = ({ kind }: DeployEvent) =>
      kind === 'notice' && interruption.abort(new Error('interrupted'));
    await expect(
      deploy(world, request([deployment('web')], { wait: true, onEvent, signal: interruption.signal })),
    ).rejects.toThrow('interrupted');
    expect(world.holder).toBe('ben@laptop');
  });

  it('builds the images that the registry lacks, and only these', async () => {
    const asked: (readonly string[])[] = [];
    const images = {
      resolve: async () => ({ web: undefined, store: 'store@sha256:1' }),
      build: async (services: readonly string[]): Promise<Images> => {
        asked.push(services);
        return { web: 'web@sha256:2' };
      },
    };
    const render = ({ web = 'web', store = 'store' }: Images) => [
      deployment('web', web),
      deployment('store', store),
    ];
    const outcome = await deploy(world, request([], { images, render }));
    expect(asked).toEqual([['web']]);
    expect(outcome.images).toEqual({ web: 'web@sha256:2', store: 'store@sha256:1' });
    expect(world.objects.get('apps/Deployment/staging/web')).toEqual(deployment('web', 'web@sha256:2'));
  });

  it('plans anew under the lease, since somebody may have deployed meanwhile', async () => {
    const set = [deployment('web')];
    const images = {
      resolve: async () => ({}),
      build: async () => ({}),
    };
    const prepare = world.prepare.bind(world);
    world.prepare = async () => {
      await prepare();
      world.objects.set('apps/Deployment/staging/web', deployment('web'));
    };
    await deploy(world, request(set, { images }));
    expect(world.effects).not.toContain('apply deployment/web');
  });

  it('that finds all applied and nothing recorded is told who is at it', async () => {
    world.objects.set('apps/Deployment/staging/web', deployment('web'));
    world.holder = 'ben@laptop';
    await expect(deploy(world, request([deployment('web')]))).rejects.toThrow(
      'staging is being deployed by ben@laptop',
    );
    expect(world.written).toEqual([]);
  });

  it('records nothing that another has recorded before the lease came', async () => {
    const other = await deploy(world, request([deployment('web')]));
    expect(other.record).toBe(1);
    const { observe } = world;
    // Its first look was before the other's deploy.
    world.observe = async () => {
      world.observe = observe;
      return { exists: true, live: [], inventory: [] };
    };
    const { changes, record } = await deploy(world, request([deployment('web')]));
    expect(changes).toMatchObject([{ action: 'same' }]);
    expect(record).toBeUndefined();
    expect(world.written).toHaveLength(1);
    expect(world.holder).toBeUndefined();
  });

  it('stops when the lease is lost, and leaves the record to whoever has it', async () => {
    const objects = [deployment('store'), deployment('web')];
    const onEvent = (event: DeployEvent) => {
      if (event.kind === 'step' && event.step === 'apply') world.lost.abort(new Error('lost'));
    };
    await expect(deploy(world, request(objects, { onEvent }))).rejects.toThrow(
      'The lease on staging was lost',
    );
    expect(world.names()).toEqual([]);
    expect(world.written).toEqual([]);
  });

  it('says that it is done when it could only not be recorded, and the next one records it', async () => {
    const { writeRecord } = world;
    world.writeRecord = () => Promise.reject(new UserError('the server is away', 'Is it up?'));
    const set = [deployment('web')];
    await expect(deploy(world, request(set))).rejects.toMatchObject({
      message: 'staging is deployed, and this could not be recorded: the server is away',
      hint: 'Is it up?\nThen run the same command again: it records what it finds done.',
    });
    world.sick.add('web');
    await expect(deploy(world, request([deployment('web', 'image:2')]))).rejects.toMatchObject({
      message: 'web cannot run\n\nThis could not be recorded: the server is away\nWhat was applied stays.',
      hint: 'Is it up?',
    });
    expect(world.holder).toBeUndefined();
    world.writeRecord = writeRecord;
    world.sick.clear();
    expect((await deploy(world, request(set))).record).toBe(1);
  });

  it('always says what to do next', async () => {
    await deploy(world, request([deployment('web')]));
    world.sick.add('web');
    for (const noRollback of [true, false])
      await expect(deploy(world, request([deployment('web', '2')], { noRollback }))).rejects.toMatchObject({
        hint: expect.stringContaining('run the same command again'),
      });
    world.refusal = 'deployment/web: no.';
    await expect(deploy(world, request([deployment('web', '3')]))).rejects.toMatchObject({
      hint: expect.stringContaining('run the same command again'),
    });
  });

  it('records an interruption and gives the lease back', async () => {
    const interruption = new AbortController();
    const onEvent = (event: DeployEvent) => {
      if (event.kind === 'step' && event.step === 'healthy') interruption.abort(new Error('interrupted'));
    };
    const set = [deployment('web'), deployment('store')];
    await expect(deploy(world, request(set, { onEvent, signal: interruption.signal }))).rejects.toThrow(
      'interrupted',
    );
    expect(world.written[0]).toMatchObject({ outcome: 'interrupted' });
    expect(world.holder).toBeUndefined();
  });

  it('converges after it was killed anywhere: all is applied, pruned and recorded once', async () => {
    const before = [deployment('web'), deployment('old')];
    const after = [deployment('web', 'image:2'), deployment('store')];
    const rehearsal = new World();
    await deploy(rehearsal, request(before));
    const start = rehearsal.effects.length;
    await deploy(rehearsal, request(after));
    expect(rehearsal.effects.length - start).toBe(7);
    for (let step = start + 1; step <= rehearsal.effects.length; step++) {
      const killed = new World();
      await deploy(killed, request(before));
      killed.diesAt = step;
      await deploy(killed, request(after)).catch(() => undefined);
      killed.revive();
      await deploy(killed, request(after));
      expect(killed.names()).toEqual(['deployment/store', 'deployment/web']);
      expect([...killed.inventory.keys()].sort()).toEqual([...killed.objects.keys()].sort());
      expect(killed.written.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
      expect(killed.written[0]?.set).toBe(setDigest(after));
      const effects = killed.effects.length;
      await deploy(killed, request(after));
      expect(killed.effects).toHaveLength(effects);
    }
  });
});
