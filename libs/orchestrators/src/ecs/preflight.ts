import type { Change } from '@berth/deploy';
import { parameterPath, type ManifestObject } from '@berth/manifests';
import { UserError } from '@berth/model';
import type { Aws } from './aws';
import { named } from './aws-error';
import { ecsKinds } from './kinds';
import { parametersBelow } from './parameters';
import { namesIn, secretUses, usersOf } from './secret-uses';

/** Everything that would make a deploy fail and can be known before, a sentence each; a missing permission too. */
export async function preflight(
  aws: Aws,
  environment: string,
  desired: readonly ManifestObject[],
  changes: readonly Change[],
): Promise<string[]> {
  const found = await Promise.all([
    asked(() => clusterProblems(aws)),
    asked(() => networkProblems(aws)),
    asked(() => nameProblems(aws)),
    asked(() => secretProblems(aws, environment, desired)),
    ...(aws.settings.endpoint ? [] : [Promise.resolve(imageProblems(changes))]),
  ]);
  return [...new Set(found.flat())];
}

/** What a question says when it is refused is a problem as well. */
async function asked(question: () => Promise<string[]>): Promise<string[]> {
  try {
    return await question();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error.hint ? `${error.message} ${error.hint}` : error.message];
  }
}

async function clusterProblems(aws: Aws): Promise<string[]> {
  const { cluster, capacityProvider, region } = aws.settings;
  const ecs = await aws.ecs();
  const { clusters = [] } = await ecs.describeClusters({ clusters: [cluster] });
  const [found] = clusters;
  if (found?.status !== 'ACTIVE')
    return [
      `There is no ECS cluster ${cluster} in ${region}: make it, or name another at ecs.cluster in cluster.json.`,
    ];
  if (capacityProvider === undefined || (found.capacityProviders ?? []).includes(capacityProvider)) return [];
  const has = (found.capacityProviders ?? []).join(', ') || 'none';
  return [`The ECS cluster ${cluster} has no capacity provider ${capacityProvider}; it has ${has}.`];
}

async function networkProblems(aws: Aws): Promise<string[]> {
  const { vpc, subnets, loadBalancer, region } = aws.settings;
  const ec2 = await aws.ec2();
  const wanted = [...new Set([...subnets, ...(loadBalancer?.kind === 'own' ? loadBalancer.subnets : [])])];
  // A filter finds what is there; a list of ids would fail for the first that is not.
  const { Subnets = [] } = await ec2.describeSubnets({ Filters: [{ Name: 'subnet-id', Values: wanted }] });
  return wanted.flatMap((subnet) => {
    const found = Subnets.find(({ SubnetId }) => SubnetId === subnet);
    if (!found) return [`There is no subnet ${subnet} in ${region}: cluster.json names it.`];
    return found.VpcId === vpc
      ? []
      : [`The subnet ${subnet} is in ${found.VpcId}, not in ${vpc}, as cluster.json says.`];
  });
}

/** Zones of DNS are answered in a VPC only that has both of these switched on (Route 53 Developer Guide, "Private hosted zones"). */
async function nameProblems(aws: Aws): Promise<string[]> {
  const { privateNames, vpc } = aws.settings;
  if (!privateNames) return [];
  const ec2 = await aws.ec2();
  const [support, hostnames] = await Promise.all([
    ec2.describeVpcAttribute({ VpcId: vpc, Attribute: 'enableDnsSupport' }),
    ec2.describeVpcAttribute({ VpcId: vpc, Attribute: 'enableDnsHostnames' }),
  ]);
  const off = [
    ...(support.EnableDnsSupport?.Value ? [] : ['enable-dns-support']),
    ...(hostnames.EnableDnsHostnames?.Value ? [] : ['enable-dns-hostnames']),
  ];
  return off.map(
    (option) =>
      `The VPC ${vpc} answers no private names, which cluster.json has at ecs.privateNames: aws ec2 modify-vpc-attribute --vpc-id ${vpc} --${option} ${named(aws.settings)}`,
  );
}

async function secretProblems(
  aws: Aws,
  environment: string,
  desired: readonly ManifestObject[],
): Promise<string[]> {
  const uses = secretUses(desired);
  const wanted = namesIn(uses);
  if (wanted.length === 0) return [];
  const stored = await parametersBelow(aws, parameterPath(environment, 'secrets'));
  const set = new Set(stored.map(({ name }) => name.split('/').at(-1)));
  return wanted
    .filter((name) => !set.has(name))
    .map(
      (name) =>
        `The secret ${name} is not set; ${usersOf(name, uses).join(', ')} needs it. Set it: nx secret ${environment} --name=${name}`,
    );
}

/** Images that only this machine has. */
function imageProblems(changes: readonly Change[]): string[] {
  const images = changes.flatMap(({ action, desired }) =>
    action === 'same' || !desired ? [] : ecsKinds.images(desired),
  );
  return [...new Set(images)]
    .filter((image) => /^(localhost|127\.|\[::1\])/.test(image))
    .map(
      (image) =>
        `No task on AWS can pull ${image}: the registry is on this machine. Name one of ECR at registry in nx.json.`,
    );
}
