import type { EnvironmentStatus } from '@berth/deploy';
import { answerLine, isAnswered, type AddressAnswer } from '../../environment/ask-addresses';
import { columns } from '../columns';
import type { EnvironmentRow } from './read-statuses';
import { age } from './status-lines';

const head = ['environment', 'services', 'last deploy', 'reachable at'];

/**
 * Environments as one table: a line each, and below it what is wrong with services and clusters.
 * @param answers of their addresses, as far as they were asked
 */
export function tableLines(
  rows: readonly EnvironmentRow[],
  now: Date,
  answers: readonly AddressAnswer[] = [],
): string[] {
  const lines = columns([head, ...rows.map((row) => cells(row, now))]);
  const silent = answers.filter((answer) => !isAnswered(answer));
  const notes = rows.flatMap((row) => notesOf(row, silent));
  return notes.length > 0 ? [...lines, '', ...notes] : lines;
}

function cells(row: EnvironmentRow, now: Date): string[] {
  if ('failure' in row) return [row.environment, 'not known', '', ''];
  const { environment, status, addresses } = row;
  return [environment, servicesOf(status), lastDeploy(status, now), addresses.join(' ')];
}

function servicesOf({ exists, services }: EnvironmentStatus): string {
  if (!exists) return 'not deployed';
  const healthy = services.filter(({ health }) => health.state === 'healthy').length;
  return `${healthy} of ${services.length} healthy`;
}

function lastDeploy({ lastRecord, deploying }: EnvironmentStatus, now: Date): string {
  if (deploying) return `${deploying.holder} deploys since ${age(deploying.since, now)}`;
  if (!lastRecord) return '';
  const { number, commit, author, outcome, finishedAt } = lastRecord;
  const of = commit ? ` of ${commit.slice(0, 10)}` : '';
  return `${number}${of} ${outcome}, ${age(finishedAt, now)} ago by ${author}`;
}

function notesOf(row: EnvironmentRow, silent: readonly AddressAnswer[]): string[] {
  if ('failure' in row) {
    const { message, hint } = row.failure;
    const lines = [message, ...(hint?.split('\n') ?? [])].join('\n  ');
    return `${row.environment}: ${lines}`.split('\n');
  }
  const unwell = row.status.services
    .filter(({ health }) => health.state !== 'healthy')
    .map(({ name, health }) => {
      const { ready, wanted, state, message } = health;
      const why = message ? `, ${message}` : '';
      return `${row.environment}: ${name} ${ready} of ${wanted} ready, ${state}${why}`;
    });
  const unanswered = silent.filter(({ url }) => row.addresses.includes(url));
  return [...unwell, ...unanswered.map((answer) => `${row.environment}: ${answerLine(answer)}`)];
}
