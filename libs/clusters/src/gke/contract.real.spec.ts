import { clusterContract } from '../contract';
import { noGcloud } from './testing/gcloud-here';
import { gkeSetup, type GkeSetup } from './testing/setup';

const absent = noGcloud();

if (absent !== undefined) {
  test.skip(`the contract of a provider of clusters: gke (skipped: ${absent})`, () => undefined);
} else {
  let setup: GkeSetup;

  beforeAll(async () => {
    setup = await gkeSetup();
  }, 300_000);
  afterAll(() => setup.close());
  afterEach(() => {
    setup.google.forgetFaults();
    expect(setup.google.violations).toEqual([]);
  });

  clusterContract(
    'gke, with the real gcloud against an endpoint that checks every request',
    () => {
      const { google, provider, workspace, cluster } = setup;
      return {
        ...{ provider, workspace },
        cluster: cluster({ minNodes: 1, maxNodes: 10 }),
        where: { project: 'desk-123', gcloud: 'path' },
        billed: () => google.project.billed,
        nodes: () => Number(google.project.clusters.get('prod')?.['currentNodeCount']),
        made: () => google.project.operations.filter((one) => one.operationType === 'CREATE_CLUSTER').length,
        breakNetwork: (during) => {
          if (during === 'create') {
            google.fail({ on: /^POST .*\/clusters$/, how: 'answer lost' });
          } else {
            google.project.addService('prod');
            google.fail({ on: /^DELETE .*\/clusters\/prod$/, how: 'answer lost' });
          }
          google.fail({ on: /\/operations/, how: 'lost', times: Infinity });
          return () => google.forgetFaults();
        },
      };
    },
    {},
    300_000,
  );
}
