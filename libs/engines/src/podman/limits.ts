/** What podman itself asks for. */
const MOST = 1_048_576;

/**
 * The limits of open files and processes that a container gets: no higher ones than this process has, because only
 * one with CAP_SYS_RESOURCE may give more, and podman always asks for more.
 * @param limits the text of /proc/self/limits; empty where there is none
 * @param pidMax the text of /proc/sys/kernel/pid_max, to which podman lowers its own limit of processes
 */
export function limitArguments(limits: string, pidMax: string): string[] {
  const limit = (option: string, line: string, most: number) => {
    const hard = new RegExp(`^${line} +\\S+ +(\\S+)`, 'm').exec(limits)?.[1];
    if (hard === undefined) return [];
    const value = hard === 'unlimited' ? most : Math.min(Number(hard), most);
    return ['--ulimit', `${option}=${value}:${value}`];
  };
  return [
    ...limit('nofile', 'Max open files', MOST),
    ...limit('nproc', 'Max processes', Math.min(MOST, Number(pidMax) || MOST)),
  ];
}
