import type { Service } from '@berth/model';
import type { ManifestObject } from '../object';
import { logGroupId } from './containers';
import { logicalId, secretParameter } from './names';
import { arn, attribute, resource } from './resource';
import type { StackContext } from './stack-context';

/** Logical id of the role by which ECS starts a service's tasks. */
export function executionRoleId(service: string): string {
  return logicalId(service, 'execution', 'role');
}

/**
 * The role by which ECS starts a service's tasks: it may write that service's log, pull its images from ECR, and read its
 * secrets, nothing else. The containers themselves get no role, and so no rights.
 * @param images of all its containers
 */
export function renderExecutionRole(
  context: StackContext,
  service: Service,
  images: readonly string[],
): ManifestObject {
  const repositories = [...new Set(images.flatMap((image) => ecrRepository(image) ?? []))].sort();
  const statements = [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [attribute(logGroupId(service.name), 'Arn')]),
    ...(repositories.length
      ? [
          // AWS knows no narrower resource for the token.
          allow(['ecr:GetAuthorizationToken'], ['*']),
          allow(
            ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
            repositories.map((repository) => ({ 'Fn::Sub': repository })),
          ),
        ]
      : []),
    ...(service.secrets.length
      ? [
          allow(
            ['ssm:GetParameters'],
            service.secrets.map((name) =>
              arn('ssm', `parameter${secretParameter(context.environment.name, name)}`),
            ),
          ),
        ]
      : []),
  ];
  return resource({ ...context, service }, 'AWS::IAM::Role', executionRoleId(service.name), {
    Description: `Starts tasks of ${service.name} in ${context.environment.name}`,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'ecs-tasks.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    },
    Policies: [
      { PolicyName: 'start-tasks', PolicyDocument: { Version: '2012-10-17', Statement: statements } },
    ],
  });
}

function allow(actions: readonly string[], resources: readonly unknown[]): Record<string, unknown> {
  return { Effect: 'Allow', Action: actions, Resource: resources };
}

/** The ARN of an image's repository, for Fn::Sub; undefined for one that is not in ECR. */
function ecrRepository(image: string): string | undefined {
  const [, account, region, name] =
    /^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image) ?? [];
  return name && `arn:\${AWS::Partition}:ecr:${region}:${account}:repository/${name}`;
}
