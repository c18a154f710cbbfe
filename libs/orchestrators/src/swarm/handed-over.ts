import { isSwarmService, type ManifestObject } from '@berth/manifests';
import { withProgram, type Surroundings } from './complete';

/**
 * The objects as a file for other tools: with the command that gives a service its secrets as variables. What is only
 * known of one Swarm is left out: the versions of secrets, and the node of a volume.
 */
export function handedOverToStack(
  objects: readonly ManifestObject[],
  command: Surroundings['command'],
): Promise<ManifestObject[]> {
  return Promise.all(
    objects.map(async (object) => (isSwarmService(object) ? withProgram(object, command) : object)),
  );
}
