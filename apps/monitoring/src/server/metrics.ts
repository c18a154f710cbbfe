import { Gauge, Histogram, Registry } from 'prom-client';
import type { Answer } from './probes/ask';
import type { Outcome } from './probes/prober';
import type { Target } from './probes/targets';

/** What is asked when somebody asks for the metrics. */
export interface Measured {
  /** Seconds since the table is not that of now any more. */
  age: () => number;
  /** Pages that are connected. */
  pages: () => number;
  outcomes: () => Iterable<Outcome>;
}

/** Seconds: services answer within milliseconds, and five are the limit. */
const probeBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** Seconds: one environment takes less than a millisecond, a whole table of 5,000 services some hundreds. */
const tableBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/**
 * What the server knows, for Prometheus. Durations are told apart by environment alone: with the services of a large
 * cluster they would be a hundred thousand series.
 */
export class MonitoringMetrics {
  readonly #registry = new Registry();
  readonly #probes: Histogram<'environment' | 'probe'>;
  readonly #table: Histogram;
  /** That have durations. */
  readonly #environments = new Set<string>();

  constructor(private readonly measured: Measured) {
    const { age, pages, outcomes } = measured;
    const registers = [this.#registry];
    this.#probes = new Histogram({
      name: 'berth_monitoring_probe_duration_seconds',
      help: 'Seconds that successful probes took, by environment and kind: health, from inside; address, through the gateway.',
      labelNames: ['environment', 'probe'],
      buckets: probeBuckets,
      registers,
    });
    this.#table = new Histogram({
      name: 'berth_monitoring_table_build_seconds',
      help: 'Seconds in which the table took in what had changed in the cluster.',
      buckets: tableBuckets,
      registers,
    });
    const gauge = (name: string, help: string, value: () => number): void =>
      void new Gauge({
        name: `berth_monitoring_${name}`,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    gauge('data_age_seconds', 'Seconds since the API server is not heard any more; 0 while it is.', age);
    gauge('pages', 'Pages that are connected.', pages);
    const probeGauge = (name: string, help: string, value: (outcome: Outcome) => number | undefined): void =>
      void new Gauge({
        name: `berth_monitoring_probe_${name}`,
        help,
        labelNames: ['environment', 'service', 'probe', 'host'],
        registers,
        collect() {
          this.reset();
          for (const outcome of outcomes()) {
            const { environment, service, probe, host } = outcome.target;
            const now = value(outcome);
            if (now !== undefined) this.set({ environment, service, probe, host }, now);
          }
        },
      });
    probeGauge('success', '1 when the last probe succeeded, else 0.', ({ problem }) =>
      Number(problem === undefined),
    );
    probeGauge('last_duration_seconds', 'Seconds that the last probe took, if it succeeded.', (outcome) =>
      outcome.problem === undefined ? outcome.ms / 1000 : undefined,
    );
  }

  probed({ environment, probe }: Target, { ms, problem }: Answer): void {
    if (problem !== undefined) return;
    this.#environments.add(environment);
    this.#probes.observe({ environment, probe }, ms / 1000);
  }

  tableMade(seconds: number): void {
    this.#table.observe(seconds);
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    this.#forget();
    return this.#registry.metrics();
  }

  /** Environments in which nothing is asked any more: they come and go with branches. */
  #forget(): void {
    const asked = new Set(Array.from(this.measured.outcomes(), ({ target }) => target.environment));
    for (const environment of this.#environments) {
      if (asked.has(environment)) continue;
      this.#environments.delete(environment);
      for (const probe of ['health', 'address']) this.#probes.remove({ environment, probe });
    }
  }
}
