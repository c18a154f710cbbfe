import { nameOf, type EnvironmentStatus, type Images } from '@berth/deploy';
import { imageName, UserError } from '@berth/model';

/** Images that were deployed or built elsewhere, and the commit that they are of. */
export interface ChosenImages {
  images: Images;
  commit?: string;
}

/**
 * The digests that an environment runs, as its last deploy recorded them.
 * @param services those whose images are wanted
 * @param registry where this workspace's images are
 * @throws UserError when it is not plain what it runs: it is being deployed, its last deploy did not succeed, a service
 *   is missing, or somebody has changed an image by hand
 */
export function promotedImages(
  status: EnvironmentStatus,
  services: readonly string[],
  registry: string,
): ChosenImages {
  const { environment, lastRecord, deploying } = status;
  const refuse = (why: string, hint: string) =>
    new UserError(`What ${environment} runs cannot be taken: ${why}`, hint);
  if (deploying) {
    const { holder, since } = deploying;
    throw refuse(`${holder} deploys it since ${since}.`, `Wait for it: nx status ${environment}`);
  }
  if (!lastRecord) throw refuse('nothing was deployed there.', `nx deploy ${environment}`);
  if (lastRecord.outcome !== 'succeeded') {
    throw refuse(
      `its last deploy, ${lastRecord.number}, ${lastRecord.outcome === 'interrupted' ? 'was interrupted' : 'did not succeed'}.`,
      `nx rollback ${environment}, or: nx deploy ${environment}`,
    );
  }
  const problems: string[] = [];
  const images: Record<string, string> = {};
  for (const service of services) {
    const recorded = lastRecord.images[service];
    if (recorded === undefined) {
      problems.push(`it has no service ${service}`);
      continue;
    }
    images[service] = recorded;
    // A patch may have put another image in the place of ours: that is not what is promoted.
    for (const { health, images: live } of status.services.filter(({ name }) => name === service)) {
      const ours = [':', '@'].map((end) => `${imageName(registry, service)}${end}`);
      const other = live.find((image) => image !== recorded && ours.some((start) => image.startsWith(start)));
      if (other)
        problems.push(
          `${nameOf(health.object)} runs ${other}, and record ${lastRecord.number} has ${recorded}`,
        );
    }
  }
  if (problems.length > 0) {
    throw refuse(
      `${problems.length === 1 ? problems[0] : `\n${problems.map((problem) => `  - ${problem}`).join('\n')}`}`,
      `nx status ${environment}, and then: nx deploy ${environment}`,
    );
  }
  return { images, ...(lastRecord.commit ? { commit: lastRecord.commit } : {}) };
}
