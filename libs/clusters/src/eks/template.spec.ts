import { stackTemplate } from './template';

interface Template {
  Resources: Record<string, { Type: string }>;
  Outputs: Record<string, unknown>;
}

const read = (ownNetwork: boolean) => JSON.parse(stackTemplate('prod', ownNetwork)) as Template;
const types = (template: Template) => Object.values(template.Resources).map(({ Type: type }) => type);

describe('the stack that a cluster of EKS stands on', () => {
  it('has roles and a network in two zones, and nothing that costs money', () => {
    const template = read(true);
    expect(types(template).filter((type) => type === 'AWS::EC2::Subnet')).toHaveLength(2);
    expect(types(template).join()).not.toMatch(/NatGateway|EIP|Instance|LoadBalancer/);
    expect(Object.keys(template.Outputs)).toEqual(['ClusterRole', 'NodeRole', 'Vpc', 'Subnets']);
  });

  it('has the roles only where there are subnets', () => {
    expect(new Set(types(read(false)))).toEqual(new Set(['AWS::IAM::Role']));
    expect(Object.keys(read(false).Outputs)).toEqual(['ClusterRole', 'NodeRole']);
  });
});
