import { nearestName, UserError } from '@berth/model';
import type { WorkspaceFiles } from './files';
import { clusterNames } from './models';

/** The cluster that `--cluster` names, or the only one there is. @throws UserError when that leaves a doubt */
export function chosenCluster(files: WorkspaceFiles, chosen: string | undefined): string {
  const names = clusterNames(files);
  if (chosen !== undefined) {
    if (names.includes(chosen)) return chosen;
    const nearest = nearestName(chosen, names);
    throw new UserError(
      `There is no cluster "${chosen}"${names.length > 0 ? `; there is ${names.join(', ')}` : ''}.`,
      nearest
        ? `Did you mean --cluster=${nearest}?`
        : `nx g cluster ${chosen} --provider bare-metal --hosts localhost`,
    );
  }
  const [name, ...others] = names;
  if (name !== undefined && others.length === 0) return name;
  throw new UserError(
    name === undefined
      ? 'This workspace has no cluster yet.'
      : `Which cluster? There are ${names.join(', ')}.`,
    name === undefined
      ? 'nx g cluster local --provider bare-metal --hosts localhost'
      : `Add --cluster=${name}, for example.`,
  );
}
