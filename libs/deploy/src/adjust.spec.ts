import type { ManifestObject } from '@berth/manifests';
import { adjust, type AdjustRequest, type AdjustSteps } from './adjust';
import { referenceOf, type Change } from './change';
import type { DeployEvent } from './events';
import type { Adjusting } from './orchestrator';
import { World } from './testing-world';

const web: ManifestObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'staging' },
};
const change: Change = { action: 'change', object: referenceOf(web), fields: [], desired: web, live: web };

class AdjustableWorld extends World implements Adjusting {
  readonly planScale = async () => [change];
  readonly planRestart = async () => [change];
  readonly adjusted: string[] = [];

  async adjust(changes: readonly Change[]): Promise<void> {
    expect(this.holder).toBe('ana@laptop');
    this.adjusted.push(...changes.map(({ object }) => object.name));
  }
}

describe('adjust', () => {
  let world: AdjustableWorld;
  let events: DeployEvent[];
  const run = (
    planned: () => Promise<Change[]>,
    options: Partial<AdjustRequest> = {},
    steps: AdjustSteps = {},
  ) =>
    adjust(
      world,
      {
        environment: 'staging',
        author: 'ana@laptop',
        timeoutMs: 1000,
        onEvent: (event) => events.push(event),
        ...options,
      },
      planned,
      steps,
    );
  beforeEach(() => {
    world = new AdjustableWorld();
    events = [];
  });

  it('changes under the lease and waits for what it has changed', async () => {
    expect(await run(world.planScale)).toEqual([change]);
    expect(world.adjusted).toEqual(['web']);
    expect(world.holder).toBeUndefined();
    expect(events).toContainEqual({ kind: 'applied', change });
    expect(world.written).toEqual([]);
  });

  it('gives the lease back when what it has changed cannot run', async () => {
    world.sick.add('web');
    await expect(run(world.planScale)).rejects.toThrow('web cannot run');
    expect(world.holder).toBeUndefined();
  });

  it('says what to type when what it has changed cannot run', async () => {
    world.sick.add('web');
    await expect(run(world.planScale, {}, { remedy: 'nx secret staging' })).rejects.toMatchObject({
      message: 'web cannot run',
      hint: 'nx secret staging',
    });
  });

  it.each([
    { title: 'in a dry run', options: { dryRun: true }, changes: [change] },
    {
      title: 'when nothing is to be changed',
      options: {},
      changes: [{ ...change, action: 'same' as const }],
    },
  ])('takes no lease $title', async ({ options, changes }) => {
    expect(await run(async () => changes, options)).toEqual(changes);
    expect(world.effects).toEqual([]);
    expect(world.adjusted).toEqual([]);
  });

  it('changes nothing while somebody deploys', async () => {
    world.holder = 'ben@laptop';
    await expect(run(world.planRestart)).rejects.toThrow('staging is being deployed by ben@laptop');
    expect(world.adjusted).toEqual([]);
  });

  it('waits for a deploy that is going on when it is asked to, and says for whom', async () => {
    world.holder = 'ben@laptop';
    const tell = (event: DeployEvent) => {
      events.push(event);
      if (event.kind === 'notice') world.holder = undefined;
    };
    await run(world.planScale, { wait: true, onEvent: tell });
    expect(world.adjusted).toEqual(['web']);
    expect(events).toContainEqual({
      kind: 'notice',
      message: 'staging is being deployed by ben@laptop Waiting.',
    });
  });

  it('makes the place first, changes it in the way that is said, and waits for no health where nothing runs', async () => {
    const { live: _live, ...made } = change;
    const done: string[] = [];
    await run(
      async () => [made],
      {},
      {
        prepare: async () => void done.push(`prepare, held by ${world.holder ?? 'nobody'}`),
        apply: async () => void done.push(`apply, held by ${world.holder ?? 'nobody'}`),
      },
    );
    expect(done).toEqual(['prepare, held by nobody', 'apply, held by ana@laptop']);
    expect(world.adjusted).toEqual([]);
    expect(events.some((event) => event.kind === 'step' && event.step === 'healthy')).toBe(false);
  });
});
