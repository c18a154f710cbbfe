import type { Change, SecretEdit, SecretEntry } from '@berth/deploy';
import { parameterPath, secretParameter, STACK_API_VERSION, type ManifestObject } from '@berth/manifests';
import { UserError } from '@berth/model';
import { refuseAbsent, refuseUnasked } from '../secret-names';
import { adjust, restart } from './adjust';
import type { Aws } from './aws';
import { servicesIn, type DeployedService } from './deployed-services';
import { observe } from './observe';
import { deleteParameters, PARAMETER_LENGTH, parametersBelow, type StoredParameter } from './parameters';
import { namesIn, secretUses, usersOf } from './secret-uses';

const path = (environment: string) => parameterPath(environment, 'secrets');
const nameOf = ({ name }: Pick<StoredParameter, 'name'>) => name.split('/').at(-1) ?? '';
/** Begins what a parameter's description says. */
const setBy = 'set by ';

/** All that are set or asked for, sorted by name. Their values are not read. */
export async function secrets(
  aws: Aws,
  environment: string,
  desired: readonly ManifestObject[],
): Promise<SecretEntry[]> {
  const [{ live }, found] = await Promise.all([observe(aws, environment), describe(aws, environment)]);
  const uses = secretUses([...live, ...desired]);
  const names = [...new Set([...found.keys(), ...namesIn(uses)])].sort();
  return names.map((name): SecretEntry => {
    const set = found.get(name);
    return {
      name,
      isSet: set !== undefined,
      ...(set ? { setAt: set.at.toISOString() } : {}),
      ...(set?.by ? { setBy: set.by } : {}),
      usedBy: usersOf(name, uses),
    };
  });
}

async function describe(aws: Aws, environment: string): Promise<Map<string, { at: Date; by?: string }>> {
  const ssm = await aws.ssm();
  const found = new Map<string, { at: Date; by?: string }>();
  let NextToken: string | undefined;
  do {
    const page = await ssm.describeParameters({
      ParameterFilters: [{ Key: 'Path', Option: 'OneLevel', Values: [path(environment)] }],
      ...(NextToken ? { NextToken } : {}),
    });
    for (const { Name = '', LastModifiedDate = new Date(0), Description = '' } of page.Parameters ?? [])
      found.set(nameOf({ name: Name }), {
        at: LastModifiedDate,
        ...(Description.startsWith(setBy) ? { by: Description.slice(setBy.length) } : {}),
      });
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

/**
 * What it takes to set and remove these, and to start those tasks anew that run with an earlier value. No value is part of
 * the plan.
 * @throws UserError for a name that nobody asks for, and a value that no parameter could have
 */
export async function planSecrets(
  aws: Aws,
  environment: string,
  desired: readonly ManifestObject[],
  { values, restart: isRestarting }: SecretEdit,
): Promise<Change[]> {
  const [observation, stored] = await Promise.all([
    observe(aws, environment),
    parametersBelow(aws, path(environment), { decrypted: true }),
  ]);
  const present = new Map(stored.map((parameter) => [nameOf(parameter), parameter]));
  const uses = secretUses([...observation.live, ...desired]);
  for (const [name, value] of values) {
    if (value === undefined) refuseAbsent(environment, name, [...present.keys()]);
    else {
      refuseUnasked(environment, name, namesIn(uses));
      refuseUnfit(name, value);
    }
  }
  const plan = [...values].map(([name, value]): Change => {
    const is = present.get(name)?.value === value?.toString('utf8');
    const object = { apiVersion: STACK_API_VERSION, kind: 'AWS::SSM::Parameter', name };
    const action = is ? 'same' : value === undefined ? 'prune' : present.has(name) ? 'change' : 'create';
    return { action, object, fields: [], ...(is ? {} : { reason: value === undefined ? 'removed' : 'set' }) };
  });
  if (!isRestarting) return plan;
  const changed = new Set(plan.filter(({ action }) => action !== 'same').map(({ object }) => object.name));
  const liveUses = secretUses(observation.live);
  const restarts = servicesIn(observation).flatMap((deployed) => {
    const earlier = [...values].flatMap(([name, value]) => {
      const isUsed = value !== undefined && liveUses.get(deployed.name)?.has(name);
      return isUsed && (changed.has(name) || startedBefore(deployed, present.get(name)?.at)) ? [name] : [];
    });
    const reason = `its tasks start anew with ${earlier.join(', ')}`;
    return earlier.length > 0 ? [restart(environment, deployed, reason)] : [];
  });
  return [...plan, ...restarts];
}

/** Whether its tasks may have been started with the value before: both times are AWS'. */
function startedBefore({ live: { rollout } }: DeployedService, setAt: Date | undefined): boolean {
  return rollout !== undefined && setAt !== undefined && rollout.startedAt < setAt;
}

/** Does what was planned: the values first, then the tasks. */
export async function applySecrets(
  aws: Aws,
  environment: string,
  { values, author }: SecretEdit,
  changes: readonly Change[],
  signal?: AbortSignal,
): Promise<void> {
  const ssm = await aws.ssm();
  const wanted = changes.filter(({ action, live }) => action !== 'same' && live === undefined);
  const empty = wanted.find(({ object }) => values.get(object.name)?.length === 0);
  if (empty)
    throw new UserError(
      `The secret ${empty.object.name} would be empty: Systems Manager keeps no empty value.`,
      `nx secret ${environment} --name=${empty.object.name} --delete takes it away.`,
    );
  for (const { object } of wanted) {
    signal?.throwIfAborted();
    const value = values.get(object.name);
    const name = secretParameter(environment, object.name);
    if (value === undefined) await deleteParameters(aws, [name]);
    else
      await ssm.putParameter({
        Name: name,
        Value: value.toString('utf8'),
        Type: 'SecureString',
        Overwrite: true,
        Description: `${setBy}${author}`,
      });
  }
  await adjust(
    aws,
    changes.filter(({ live }) => live !== undefined),
    signal,
  );
}

function refuseUnfit(name: string, value: Buffer): void {
  const why = !Buffer.from(value.toString('utf8'), 'utf8').equals(value)
    ? 'it is no UTF-8 text'
    : value.includes(0)
      ? 'it has a zero byte, which no variable can have'
      : value.length > PARAMETER_LENGTH
        ? `it has ${value.length} bytes, and a parameter of Systems Manager holds ${PARAMETER_LENGTH}`
        : undefined;
  if (why) throw new UserError(`The secret ${name} cannot be kept: ${why}.`, 'Give another value.');
}
