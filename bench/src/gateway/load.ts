import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';

/** What came of many requests. */
export interface Load {
  requests: number;
  seconds: number;
  /** Connections refused or broken, answers late or of another status than 2xx or 3xx. */
  failed: number;
}

/** Of `wrk.lua`. */
interface WrkSummary {
  requests: number;
  microseconds: number;
  refused: number;
  broken: number;
  late: number;
  otherStatus: number;
}

const CONNECTIONS = 64;

/** As many requests as 64 connections can send, one after the other on each, to all hosts in turn. */
export async function saturate(
  port: number,
  hostsFile: string,
  seconds: number,
  signal?: AbortSignal,
): Promise<Load> {
  const argv = [
    ...['wrk', '--threads', '1', '--connections', String(CONNECTIONS), '--duration', `${seconds}s`],
    ...['--timeout', '10s', '--script', join(__dirname, 'wrk.lua'), `http://127.0.0.1:${port}/`],
    ...['--', hostsFile],
  ];
  const { stdout } = await new ProcessRunner().run(argv, { ...(signal && { signal }) });
  const summary = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as WrkSummary;
  const { requests, microseconds, refused, broken, late, otherStatus } = summary;
  return { requests, seconds: microseconds / 1e6, failed: refused + broken + late + otherStatus };
}

/**
 * So many requests a second, sent at their time whether others are answered or not.
 * @returns milliseconds below which 99 of 100 were answered
 * @throws Error when any failed
 */
export async function latencyAt(
  rate: number,
  { vegeta, scratch, port, hosts, seconds }: LatencyOptions,
): Promise<number> {
  const [targets, results] = [join(scratch, 'targets'), join(scratch, 'results')];
  writeFileSync(targets, hosts.map((host) => `GET http://127.0.0.1:${port}/\nHost: ${host}\n\n`).join(''));
  const runner = new ProcessRunner();
  await runner.run(
    [
      ...[vegeta, 'attack', `-rate=${rate}`, `-duration=${seconds}s`, `-targets=${targets}`],
      ...['-connections=64', '-workers=64', `-output=${results}`],
    ],
    // While it collects garbage, answers wait for it rather than for who gives them.
    { env: { GOGC: 'off' } },
  );
  const { stdout } = await runner.run([vegeta, 'report', '-type=json', results]);
  const report = JSON.parse(stdout) as { success: number; latencies: { '99th': number }; errors: string[] };
  if (report.success < 1)
    throw new Error(
      `of requests to port ${port} only ${report.success} had answers: ${report.errors.join()}`,
    );
  return report.latencies['99th'] / 1e6;
}

interface LatencyOptions {
  /** Path of the program. */
  vegeta: string;
  scratch: string;
  port: number;
  hosts: readonly string[];
  seconds: number;
}
