import { clusterContract } from '../contract';
import { billedOf, eksSetup, type EksSetup } from './testing/setup';

let setup: EksSetup;

beforeAll(async () => {
  setup = await eksSetup();
}, 300_000);
afterAll(() => setup.close(), 60_000);
afterEach(() => setup.gate.forgetFaults());

clusterContract('eks, with the real SDK against moto', () => {
  const { gate, provider, workspace, cluster, aws } = setup;
  return {
    ...{ provider, workspace },
    cluster: cluster({ minNodes: 1, maxNodes: 10 }),
    where: { region: 'eu-central-1' },
    billed: () => billedOf(aws),
    nodes: async () => {
      const group = { clusterName: 'prod', nodegroupName: 'berth' };
      return (await aws.eks.describeNodegroup(group)).nodegroup?.scalingConfig?.desiredSize ?? 0;
    },
    made: () => gate.requests.filter((line) => line === 'POST /clusters').length,
    breakNetwork: (during) => {
      gate.fail({
        on:
          during === 'create'
            ? /^POST \/clusters\/prod\/node-groups/
            : /^DELETE \/clusters\/prod\/node-groups/,
        how: 'answer lost',
      });
      return () => gate.forgetFaults();
    },
  };
});
