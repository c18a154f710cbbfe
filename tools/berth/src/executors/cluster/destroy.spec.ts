import type { ExecutorContext } from '@nx/devkit';
import type { ClusterProvider } from '@berth/clusters';
import { parseCluster } from '@berth/model';
import { printedLines } from '../testing-printed';
import destroy from './destroy';
import { environmentLines } from './environments-in';

const ran: string[] = [];
const step = (title: string) => ({
  title,
  details: [`delete ${title}`],
  run: async () => void ran.push(title),
});
let steps: ReturnType<typeof step>[];

jest.mock('./cluster-of', () => ({
  clusterOf: () => ({
    cluster: parseCluster('{"provider": "gke", "project": "desk-123", "zone": "europe-west1-b"}', {
      name: 'prod',
      root: 'deploy/clusters/prod',
    }),
    provider: { planDestroy: async () => steps } as unknown as ClusterProvider,
  }),
}));
jest.mock('./environments-in');

const context = { root: '/nonexistent', projectName: 'cluster-prod', isVerbose: false } as ExecutorContext;

describe('nx destroy cluster-prod', () => {
  const printed = printedLines();
  beforeEach(() => {
    ran.length = 0;
    steps = [step('nodes'), step('cluster')];
    jest
      .mocked(environmentLines)
      .mockResolvedValue(['These environments are in it, and go with all their data:', '  staging']);
  });

  it('lists all that goes and its environments, and nothing goes without its name', async () => {
    expect(await destroy({ confirm: 'staging' }, context)).toEqual({ success: false });
    expect(ran).toEqual([]);
    const said = printed.join('\n');
    expect(said).toMatch(
      /^Destroying the cluster prod does this:[^]*delete nodes[^]*delete cluster[^]*go with all their data:\n {2}staging\n/,
    );
    expect(said).toContain('nx destroy cluster-prod');
  });

  it.each([{ confirm: 'prod' }, { force: true }])(
    'destroys it when the name was given: %j',
    async (options) => {
      expect(await destroy(options, context)).toEqual({ success: true });
      expect(ran).toEqual(['nodes', 'cluster']);
    },
  );

  it('only lists in a dry run', async () => {
    expect(await destroy({ dryRun: true }, context)).toEqual({ success: true });
    expect(ran).toEqual([]);
    expect(printed).toContain('  staging');
  });

  it('asks nothing where there is nothing', async () => {
    steps = [];
    expect(await destroy({}, context)).toEqual({ success: true });
    expect(printed[0]).toBe('There is nothing of the cluster prod.');
  });
});
