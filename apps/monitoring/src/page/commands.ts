import type { ServiceEntry } from '../entries';
import type { Words } from './words';

/** What to type; the page itself changes nothing. */
export function commandsFor(
  { environment, service, wanted }: ServiceEntry,
  { pods }: Pick<Words, 'pods'>,
): { does: string; command: string }[] {
  return [
    { does: 'See what it puts out', command: `nx logs ${environment} --service=${service} --since=10m` },
    { does: `Start its ${pods} anew`, command: `nx restart ${environment} --service=${service}` },
    { does: 'Scale it', command: `nx scale ${environment} --service=${service} --replicas=${wanted + 1}` },
    { does: 'See what was deployed when', command: `nx run ${environment}:history` },
    { does: 'Bring the deploy before back, after a look', command: `nx rollback ${environment} --dry-run` },
  ];
}

/** Brings back what an earlier deploy was of. */
export function rollbackTo(environment: string, deploy: number): string {
  return `nx rollback ${environment} --to=${deploy}`;
}
