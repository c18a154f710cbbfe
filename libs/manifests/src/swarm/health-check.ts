import type { Health, Port, Probe } from '@berth/model';
import { isDeepStrictEqual } from 'node:util';
import type { HealthCheck } from './service-spec';

/** Seconds between two questions; Docker 20.10 knows no shorter ones for the start. A container is asked the first time after one. */
const INTERVAL_SECONDS = 2;
const TIMEOUT_SECONDS = 5;
/** Failures in a row, that is after how many seconds of them a container is replaced; on Kubernetes it is after 30 too. */
const RETRIES = 15;

/** Written by the first success. Docker gives each container this folder, writable whatever the root is. */
const READY_FILE = '/dev/shm/berth-ready';

/**
 * The health check of a container. Docker has a single question, and Swarm does two things by it: a new task takes the
 * place of an old one once it is healthy, and one that is unhealthy later is replaced. So it asks for the startup and
 * the readiness until both have succeeded, and for the liveness from then on.
 *
 * It is asked inside of the container, by `/bin/sh`, which needs no more programs of the image for `tcp`; for `path` one
 * of wget, curl and node.
 */
export function renderHealthCheck(
  { startup, readiness, liveness, startSeconds }: Health,
  ports: readonly Port[],
): HealthCheck {
  const ask = (probe: Probe) => questionOf(probe, ports);
  const first = [startup, readiness].filter(
    (probe, index, all) => all.findIndex((other) => isDeepStrictEqual(other, probe)) === index,
  );
  const same = first.length === 1 && isDeepStrictEqual(first[0], liveness);
  const script = same
    ? ask(liveness)
    : `if [ -e ${READY_FILE} ]; then ${ask(liveness)}; else ${first.map(ask).join(' && ')} && : > ${READY_FILE}; fi`;
  const probes = [liveness, ...first];
  const programs = [
    ...(probes.some(({ kind }) => kind === 'path') ? [askPath] : []),
    ...(probes.some(({ kind }) => kind === 'tcp') ? [askTcp] : []),
  ];
  return {
    Test: ['CMD-SHELL', [...programs, script].join('; ')],
    Interval: nanoseconds(INTERVAL_SECONDS),
    Timeout: nanoseconds(TIMEOUT_SECONDS),
    Retries: RETRIES,
    StartPeriod: nanoseconds(startSeconds),
  };
}

function questionOf(probe: Probe, ports: readonly Port[]): string {
  switch (probe.kind) {
    case 'path':
      return `answers ${quoted(`http://127.0.0.1:${numberOf(probe.port, ports)}${probe.path}`)}`;
    case 'tcp':
      return `listens ${numberOf(probe.port, ports).toString(16).toUpperCase().padStart(4, '0')}`;
    case 'exec':
      return probe.command.map(quoted).join(' ');
    case 'grpc':
      throw new Error('refused before');
  }
}

/** Not fetch, which takes 20 MB of the container's memory where this takes 7 (Node 20), and three times as long. */
const nodeProgram =
  'require("node:http").get(process.argv[1], { timeout: 4000 }, (a) => process.exit(a.statusCode < 400 ? 0 : 1)).on("error", () => process.exit(1)).on("timeout", () => process.exit(1))';

/** Any status from 200 to 399 is well, as on Kubernetes. */
const askPath = [
  'answers() { if command -v wget >/dev/null 2>&1; then wget -q -T 4 -O /dev/null "$1"',
  'elif command -v curl >/dev/null 2>&1; then curl -fsS -m 4 -o /dev/null "$1"',
  `else node -e ${quoted(nodeProgram)} "$1"; fi; }`,
].join('; ');

/** Whether somebody listens, read from the kernel: `0A` is LISTEN in /proc/net/tcp, whose ports are hexadecimal. */
const askTcp = [
  'listens() { for file in /proc/net/tcp /proc/net/tcp6; do [ -r $file ] || continue',
  'while read -r _ address _ state _; do case "$address $state" in *:"$1 0A") return 0;; esac; done < $file',
  'done; return 1; }',
].join('; ');

function numberOf(name: string, ports: readonly Port[]): number {
  return ports.find((port) => port.name === name)!.port;
}

/** One word for a POSIX shell. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export function nanoseconds(seconds: number): number {
  return seconds * 1e9;
}
