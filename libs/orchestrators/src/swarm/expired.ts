import type { ExpiredEnvironment } from '@berth/deploy';
import { PROTECTED_ANNOTATION, TTL_ANNOTATION } from '@berth/manifests';
import { durationMs } from '@berth/model';
import type { DockerClient } from './docker/client';
import { environmentOfMark, listMarks } from './mark';
import { deployedAtLabel } from './names';

/** The environments whose last deploy is longer ago than their `ttl` allows, sorted by name: their marks say it all. */
export async function expired(client: DockerClient, now: Date): Promise<ExpiredEnvironment[]> {
  const marks = await listMarks(client);
  return marks
    .flatMap((mark): ExpiredEnvironment[] => {
      const labels = mark.Spec.Labels ?? {};
      const ttl = labels[TTL_ANNOTATION] ?? '';
      const limit = durationMs(ttl);
      const deployedAt = labels[deployedAtLabel] ?? mark.CreatedAt;
      if (limit === undefined || labels[PROTECTED_ANNOTATION] === 'true') return [];
      if (now.getTime() < Date.parse(deployedAt) + limit) return [];
      return [{ environment: environmentOfMark(mark), ttl, deployedAt }];
    })
    .sort((one, other) => (one.environment < other.environment ? -1 : 1));
}
