import { UserError } from '@berth/model';

/**
 * The services in a comma-separated option, which Nx makes a number of where it looks like one; undefined when absent.
 * @throws UserError when it names none
 */
export function namesIn(service: string | number | undefined): string[] | undefined {
  if (service === undefined) return undefined;
  const names = String(service).split(',');
  const found = [...new Set(names.map((name) => name.trim()).filter(Boolean))];
  if (found.length > 0) return found;
  throw new UserError('--service names no service.', 'For example: --service=web,pricing');
}
