import type { LatencyReport, ProbeFailure } from '../../entries';
import type { Log } from '../observe';
import { ask } from './ask';
import { Histories } from './histories';
import { HistoryFile } from './history-file';
import { Prober, type Outcome, type ProberOptions } from './prober';
import type { Resolve } from './resolve';

export interface ProbesOptions extends Pick<ProberOptions, 'targets' | 'onAnswer' | 'periodMs'> {
  resolve: Resolve;
  /** File of the histories. */
  file: string;
  log: Log;
  now: () => number;
  /** Milliseconds between two writings of it. */
  saveMs?: number;
}

export interface Probes {
  failures(): ReadonlyMap<string, readonly ProbeFailure[]>;
  report(environment: string, service: string): LatencyReport;
  outcomes(): Iterable<Outcome>;
  /** Resolves when the histories are in the file. */
  stop(): Promise<void>;
}

/** Goes on with the histories of the run before, and begins to ask. Nothing about the file keeps it from that. */
export async function startProbes(options: ProbesOptions): Promise<Probes> {
  const { resolve, file: path, log, now, saveMs = 60_000 } = options;
  const histories = new Histories();
  const file = new HistoryFile(path);
  const { records, damage } = await file.load();
  if (damage) log.warn({ path }, `the file of latencies ${damage}; what can be used of it is`);
  histories.restore(records, now());
  const prober = new Prober({
    ...options,
    histories,
    random: Math.random,
    ask: (target) => ask(target, { resolve }),
    onTooMany: (targets, asked) => log.warn({ targets, asked }, 'there is more to probe than is probed'),
  });

  let saving = Promise.resolve();
  function save(): Promise<void> {
    saving = saving
      .then(() => file.save(histories.records()))
      .catch((error: Error) => log.error({ path, error: error.message }, 'latencies cannot be kept'));
    return saving;
  }
  const ticking = setInterval(() => void save(), saveMs);
  prober.start();
  log.info({ histories: histories.size }, 'probing');

  return {
    failures: () => prober.failures(),
    report: (environment, service) => prober.report(environment, service),
    outcomes: () => prober.outcomes(),
    async stop() {
      clearInterval(ticking);
      await prober.stop();
      await save();
    },
  };
}
