/** Of no account, as in every Debian. */
export const NOBODY = 65534;

/**
 * For tests: the start of a command that is run as somebody who has no rights. It may enter every folder, or it would
 * find neither Node nor the packages where those are below root's home.
 */
export const asNobody: readonly string[] = [
  'setpriv',
  ...[`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'],
  ...['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'],
];
