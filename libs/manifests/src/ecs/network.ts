import type { ManifestObject } from '../object';
import { NAMESPACE_ID, stackName, TASKS_GROUP_ID } from './names';
import { attribute, resource } from './resource';
import type { StackContext } from './stack-context';

/**
 * What keeps an environment's services together and others out: a namespace of short names, and a security group that
 * lets in its own members only. Load balancer and volumes add their own rules.
 */
export function renderNetwork(context: StackContext): ManifestObject[] {
  const { environment } = context;
  return [
    resource(context, 'AWS::ServiceDiscovery::HttpNamespace', NAMESPACE_ID, {
      Name: stackName(environment.name),
      Description: `Services of the environment ${environment.name}`,
    }),
    securityGroup(context, TASKS_GROUP_ID, `Tasks of the environment ${environment.name}`),
    resource(context, 'AWS::EC2::SecurityGroupIngress', 'TaskIngressFromTasks', {
      GroupId: attribute(TASKS_GROUP_ID, 'GroupId'),
      SourceSecurityGroupId: attribute(TASKS_GROUP_ID, 'GroupId'),
      // Service Connect's proxies listen on ports of their own choice.
      IpProtocol: 'tcp',
      FromPort: 0,
      ToPort: 65535,
      Description: 'From services of the same environment',
    }),
  ];
}

/** A group that lets out everything and in nothing. */
export function securityGroup(context: StackContext, logicalId: string, description: string): ManifestObject {
  return resource(context, 'AWS::EC2::SecurityGroup', logicalId, {
    GroupDescription: description,
    VpcId: context.settings.vpc,
    SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0', Description: 'To everywhere' }],
  });
}
