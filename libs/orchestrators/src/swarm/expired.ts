import type { ExpiredEnvironment } from '@berth/deploy';
import { PROTECTED_ANNOTATION, TTL_ANNOTATION } from '@berth/manifests';
import { UserError } from '@berth/model';
import { expiredAmong, ifOver } from '../expired-environments';
import type { DockerClient } from './docker/client';
import type { DockerConfig } from './docker/objects';
import { environmentOfMark, listMarks } from './mark';
import { deployedAtLabel } from './names';
import { managerNode } from './swarm-state';

/**
 * The environments whose last deploy is longer ago than their `ttl` allows, sorted by name: their marks say it all.
 * @param onUnknown told of an environment of which it cannot be said; without it that is an error
 */
export async function expired(
  client: DockerClient,
  now: Date,
  onUnknown?: (environment: string, error: Error) => void,
): Promise<ExpiredEnvironment[]> {
  await managerNode(client);
  return expiredAmong(
    await listMarks(client),
    environmentOfMark,
    async (mark) => expiryOf(mark, now),
    onUnknown,
  );
}

/**
 * What has expired of a mark's environment; the mark's own age counts while nothing was deployed.
 * @returns undefined as long as it stays, and for a `ttl` that is none
 * @throws UserError when nobody can say when it was deployed
 */
function expiryOf(mark: DockerConfig, now: Date): ExpiredEnvironment | undefined {
  const { [TTL_ANNOTATION]: ttl, ...labels } = mark.Spec.Labels ?? {};
  if (ttl === undefined || labels[PROTECTED_ANNOTATION] === 'true') return undefined;
  const environment = environmentOfMark(mark);
  const deployedAt = labels[deployedAtLabel] ?? mark.CreatedAt;
  if (Number.isNaN(Date.parse(deployedAt)))
    throw new UserError(
      `${environment} stays: its config ${mark.Spec.Name} says at ${deployedAtLabel} that it was deployed at "${deployedAt}", which is no time.`,
      `Deploy it again, or remove it: nx run berth:destroy --env=${environment}`,
    );
  return ifOver({ environment, ttl, deployedAt }, now);
}
