import { isWell } from './is-well';
import type { Row } from './table-state';

/**
 * The rows in which every word is found: in the environment, its author or commit, or in a service, of which only those
 * are left then that have the words that the environment has not.
 */
export function filterRows(rows: readonly Row[], text: string, onlyUnwell: boolean): readonly Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && !onlyUnwell) return rows;
  return rows.flatMap((row) => {
    const { name, lastDeploy } = row.environment;
    const about = `${name} ${lastDeploy?.author ?? ''} ${lastDeploy?.commit ?? ''}`.toLowerCase();
    const left = words.filter((word) => !about.includes(word));
    const services = row.services.filter((entry) => {
      const { service, images, hosts } = entry;
      const own = `${service} ${images.join(' ')} ${hosts.join(' ')}`.toLowerCase();
      return left.every((word) => own.includes(word)) && !(onlyUnwell && isWell(entry));
    });
    const isShown = services.length > 0 || (left.length === 0 && isOdd(row, onlyUnwell));
    return isShown ? [services.length === row.services.length ? row : { ...row, services }] : [];
  });
}

/** Whether an environment without a service to show is shown. */
function isOdd({ environment }: Row, onlyUnwell: boolean): boolean {
  return !onlyUnwell || environment.refused.length > 0;
}
