import type { EnvironmentStatus } from '@berth/deploy';

/** The status of an environment as lines of text. */
export function statusLines(status: EnvironmentStatus, now: Date): string[] {
  const { environment, exists, services, lastRecord, deploying } = status;
  if (!exists) return [`${environment} is not deployed.`, '', `  nx deploy ${environment}`];
  const lines: string[] = [];
  if (deploying) lines.push(`${deploying.holder} deploys since ${age(deploying.since, now)}.`);
  if (lastRecord) {
    const { number, author, finishedAt, outcome, commit, failure } = lastRecord;
    const of = commit ? ` of ${commit.slice(0, 10)}` : '';
    lines.push(`Deploy ${number}${of} by ${author} ${outcome}, ${age(finishedAt, now)} ago.`);
    if (failure) lines.push(...failure.split('\n').map((line) => `    ${line}`));
  }
  const width = Math.max(0, ...services.map(({ name }) => name.length));
  for (const { name, health, pods } of services) {
    const message = health.message ? `, ${health.message}` : '';
    lines.push(`${name.padEnd(width)}  ${health.ready} of ${health.wanted} ready, ${health.state}${message}`);
    for (const pod of pods) {
      const restarts =
        pod.restarts > 0 ? `, ${pod.restarts} ${pod.restarts === 1 ? 'restart' : 'restarts'}` : '';
      lines.push(
        `${' '.repeat(width)}    ${pod.name}  ${pod.state}${restarts}, ${age(pod.startedAt, now)} on ${pod.node}`,
      );
    }
  }
  return lines;
}

/** Seconds, minutes, hours or days since a time, whichever is the largest that is not 0. */
export function age(time: string, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(time)) / 1000));
  if (Number.isNaN(seconds)) return 'no time';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
