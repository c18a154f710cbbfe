import { BERTH, CLUSTER, MANAGED_BY } from '../cloud/labels';

/** The stack of what the cluster `name` stands on. */
export function stackNameOf(name: string): string {
  return `berth-eks-${name}`;
}

export function tagsOf(name: string): Record<string, string> {
  return { [MANAGED_BY]: BERTH, [CLUSTER]: name };
}

const POLICY = 'arn:${AWS::Partition}:iam::aws:policy';
const tags = (name: string) => [{ Key: 'Name', Value: `berth-${name}` }];

/**
 * What a cluster stands on, as a template of CloudFormation: the roles of control plane and nodes, and a network when
 * it has none. None of it costs money by itself.
 * @param ownNetwork whether it makes a VPC with two public subnets: a NAT gateway for private ones would cost as much as a node
 */
export function stackTemplate(name: string, ownNetwork: boolean): string {
  const resources = { ...roles(), ...(ownNetwork ? network(name) : {}) };
  const outputs = {
    ClusterRole: { Value: { 'Fn::GetAtt': ['ClusterRole', 'Arn'] } },
    NodeRole: { Value: { 'Fn::GetAtt': ['NodeRole', 'Arn'] } },
    ...(ownNetwork
      ? {
          Vpc: { Value: { Ref: 'Vpc' } },
          Subnets: { Value: { 'Fn::Join': [',', [{ Ref: 'SubnetA' }, { Ref: 'SubnetB' }]] } },
        }
      : {}),
  };
  return JSON.stringify(
    {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: `What the cluster ${name} of EKS stands on, made by Berth`,
      Resources: resources,
      Outputs: outputs,
    },
    null,
    2,
  );
}

/** https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html and create-node-role.html */
function roles() {
  return {
    ClusterRole: role('eks.amazonaws.com', ['AmazonEKSClusterPolicy']),
    NodeRole: role('ec2.amazonaws.com', [
      'AmazonEKSWorkerNodePolicy',
      'AmazonEKS_CNI_Policy',
      'AmazonEC2ContainerRegistryReadOnly',
      'service-role/AmazonEBSCSIDriverPolicy',
    ]),
  };
}

function role(service: string, policies: readonly string[]) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
      },
      ManagedPolicyArns: policies.map((policy) => ({ 'Fn::Sub': `${POLICY}/${policy}` })),
    },
  };
}

function network(name: string) {
  const association = (subnet: string) => ({
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { RouteTableId: { Ref: 'Routes' }, SubnetId: { Ref: subnet } },
  });
  return {
    Vpc: {
      Type: 'AWS::EC2::VPC',
      Properties: {
        CidrBlock: '10.0.0.0/16',
        EnableDnsHostnames: true,
        EnableDnsSupport: true,
        Tags: tags(name),
      },
    },
    Internet: { Type: 'AWS::EC2::InternetGateway', Properties: { Tags: tags(name) } },
    InternetOfVpc: {
      Type: 'AWS::EC2::VPCGatewayAttachment',
      Properties: { VpcId: { Ref: 'Vpc' }, InternetGatewayId: { Ref: 'Internet' } },
    },
    Routes: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' }, Tags: tags(name) } },
    RouteToInternet: {
      Type: 'AWS::EC2::Route',
      DependsOn: 'InternetOfVpc',
      Properties: {
        RouteTableId: { Ref: 'Routes' },
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: { Ref: 'Internet' },
      },
    },
    SubnetA: subnet(0, '10.0.0.0/18', name),
    SubnetB: subnet(1, '10.0.64.0/18', name),
    RoutesOfSubnetA: association('SubnetA'),
    RoutesOfSubnetB: association('SubnetB'),
  };
}

function subnet(zone: number, range: string, name: string) {
  return {
    Type: 'AWS::EC2::Subnet',
    Properties: {
      VpcId: { Ref: 'Vpc' },
      CidrBlock: range,
      AvailabilityZone: { 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] },
      MapPublicIpOnLaunch: true,
      // By it the controllers of load balancers find the subnets.
      Tags: [...tags(name), { Key: 'kubernetes.io/role/elb', Value: '1' }],
    },
  };
}
