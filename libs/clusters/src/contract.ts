import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError, type Cluster } from '@berth/model';
import { parse } from 'yaml';
import { isListing, isResizing, type ClusterProvider, type Step, type Whereabouts } from './provider';

/** One provider, and what the suite must know of the place where its clusters are. */
export interface ClusterContract {
  provider: ClusterProvider;
  /** One that does not exist yet. */
  cluster: Cluster;
  workspace: string;
  /** Where the provider lists. */
  where: Whereabouts;
  /** Everything that is there and costs something, or would stay. */
  billed(): string[] | Promise<string[]>;
  /** How many nodes the cluster has, by what the provider's place says. */
  nodes(): number | Promise<number>;
  /** How many clusters were ever asked for: a second one of the same name counts too. */
  made(): number | Promise<number>;
  /** Lets the network go while the cluster is being made or deleted; until the returned function is called. */
  breakNetwork(during: 'create' | 'destroy'): () => void;
}

/** What a provider cannot do here, each with the reason; its tests are listed as skipped. */
export type Skips = Partial<
  Record<'create' | 'list' | 'credentials' | 'resize' | 'destroy' | 'interrupted', string>
>;

/** What every provider of clusters must do. The tests stand on each other: one cluster goes through its life. */
export function clusterContract(
  name: string,
  setup: () => ClusterContract,
  skips: Skips = {},
  limitMs = 120_000,
): void {
  const told = (ability: keyof Skips, title: string, work: () => Promise<void>) => {
    const reason = skips[ability];
    if (reason === undefined) test(title, work, limitMs);
    else test.skip(`${title} (skipped: ${reason})`, work);
  };

  describe(`the contract of a provider of clusters: ${name}`, () => {
    test(
      'a cluster does not exist before it is made, and a plan changes nothing',
      async () => {
        const { provider, cluster, billed } = setup();
        const before = await billed();
        expect(await provider.observe(cluster)).toEqual({ exists: false, ready: false, nodes: [] });
        const plan = await provider.planCreate(cluster);
        expect(plan.length).toBeGreaterThan(0);
        for (const { title, details } of plan) {
          expect(title).not.toBe('');
          expect(details.length).toBeGreaterThan(0);
        }
        expect(await provider.planDestroy(cluster)).toEqual([]);
        expect(await billed()).toEqual(before);
        expect((await provider.observe(cluster)).exists).toBe(false);
      },
      limitMs,
    );

    test(
      'there are no credentials of a cluster that is not there, and the next command is named',
      async () => {
        const { provider, cluster } = setup();
        const error = await provider.credentials(cluster).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(UserError);
        expect((error as UserError).hint).toContain(`nx create cluster-${cluster.name}`);
      },
      limitMs,
    );

    told(
      'create',
      'it is made, tells of its progress, and there is nothing to do the second time',
      async () => {
        const { provider, cluster, made } = setup();
        const progress = await runAll(await provider.planCreate(cluster));
        expect(progress.length).toBeGreaterThan(0);
        expect(await provider.observe(cluster)).toMatchObject({ exists: true, ready: true });
        expect(await provider.planCreate(cluster)).toEqual([]);
        expect(await made()).toBe(1);
      },
    );

    told(
      'credentials',
      'its kubeconfig has the context that cluster.json names, and is for its owner only',
      async () => {
        const { provider, cluster, workspace } = setup();
        const path = join(workspace, cluster.kubeconfig);
        const before = readFileSync(path, 'utf8');
        await provider.credentials(cluster);
        expect(readFileSync(path, 'utf8')).toBe(before);
        expect(statSync(path).mode & 0o777).toBe(0o600);
        const file = parse(before) as { contexts: { name: string }[] };
        expect(file.contexts.map(({ name: context }) => context)).toEqual([cluster.context]);
      },
    );

    told('list', 'it is listed, with its state and its nodes', async () => {
      const { provider, cluster, where, nodes } = setup();
      if (!isListing(provider)) throw new Error('a provider that cannot list must be passed with its reason');
      const found = (await provider.list(where)).filter(({ name: listed }) => listed === cluster.name);
      expect(found).toMatchObject([{ state: 'running', nodes: await nodes() }]);
    });

    told(
      'resize',
      'it gets another number of nodes, and there is nothing to do the second time',
      async () => {
        const { provider, cluster, nodes } = setup();
        if (!isResizing(provider))
          throw new Error('a provider that cannot resize must be passed with its reason');
        const wanted = (await nodes()) + 1;
        await runAll(await provider.planResize(cluster, wanted));
        expect(await nodes()).toBe(wanted);
        expect(await provider.planResize(cluster, wanted)).toEqual([]);
        // What a new cluster begins with does not undo it.
        expect(await provider.planCreate(cluster)).toEqual([]);
      },
    );

    told(
      'destroy',
      'destroying lists first, takes everything, and there is nothing left to destroy',
      async () => {
        const { provider, cluster, workspace, billed } = setup();
        const plan = await provider.planDestroy(cluster);
        expect(plan.flatMap(({ details }) => details).join('\n')).toContain(cluster.name);
        await runAll(plan);
        expect((await provider.observe(cluster)).exists).toBe(false);
        expect(await billed()).toEqual([]);
        expect(existsSync(join(workspace, cluster.kubeconfig))).toBe(false);
        expect(await provider.planDestroy(cluster)).toEqual([]);
      },
    );

    told(
      'interrupted',
      'the network may go in the middle: the same command goes on, and makes nothing twice',
      async () => {
        const { provider, cluster, made, billed, breakNetwork } = setup();
        const before = await made();
        const restore = breakNetwork('create');
        const broken = await runAll(await provider.planCreate(cluster)).catch((thrown: unknown) => thrown);
        expect(broken).toBeInstanceOf(UserError);
        restore();
        await runAll(await provider.planCreate(cluster));
        expect((await provider.observe(cluster)).ready).toBe(true);
        expect(await made()).toBe(before + 1);

        const restoreAgain = breakNetwork('destroy');
        const half = await runAll(await provider.planDestroy(cluster)).catch((thrown: unknown) => thrown);
        expect(half).toBeInstanceOf(UserError);
        restoreAgain();
        await runAll(await provider.planDestroy(cluster));
        expect(await billed()).toEqual([]);
      },
    );
  });
}

/** Runs a plan. @returns what was told of its progress */
export async function runAll(steps: readonly Step[]): Promise<string[]> {
  const progress: string[] = [];
  for (const step of steps)
    await step.run(
      () => undefined,
      (line) => progress.push(line),
    );
  return progress;
}

/** The error by which work is refused, which is one for a person. */
export async function refusalOf(work: Promise<unknown>): Promise<UserError> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}
