import { parseCluster } from '@berth/model';
import { isAccountAlone, refuseAccountAlone } from './account-alone';

const ecs = {
  ...{ account: '123456789012', region: 'eu-west-1', profile: 'desk', cluster: 'main' },
  ...{ vpc: 'vpc-0123456789abcdef0', subnets: ['subnet-0123456789abcdef0'] },
};
const named = (document: object) =>
  parseCluster(JSON.stringify({ provider: 'existing', ...document }), {
    name: 'aws',
    root: 'deploy/clusters/aws',
  });

it('is an account without a Kubernetes or a Swarm', () => {
  expect(isAccountAlone(named({ ecs }))).toBe(true);
  for (const more of [{ docker: 'unix:///d.sock' }, { context: 'desk' }])
    expect(isAccountAlone(named({ ecs, ...more }))).toBe(false);
  expect(isAccountAlone(named({}))).toBe(false);
});

it('is no cluster to be made or destroyed, which is said with what to type', () => {
  expect(() => refuseAccountAlone(named({ ecs }))).toThrow(
    'deploy/clusters/aws/cluster.json names the account 123456789012 for environments on ECS',
  );
  expect(() => refuseAccountAlone(named({ ecs, docker: 'unix:///d.sock' }))).not.toThrow();
});
