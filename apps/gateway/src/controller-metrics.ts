import type { Route } from '@berth/routes';
import { Gauge, Histogram, Registry } from 'prom-client';
import type { Status } from './status-server';

/** Seconds: what is aimed at is 3 ms, and 30 under full load. */
const SERVED_BUCKETS = [0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.1, 0.3, 1, 3, 10];

/** What the controller knows, for Prometheus. Requests are counted by nginx, on a port of its own. */
export class ControllerMetrics {
  readonly #registry = new Registry();
  readonly #served: Histogram;
  readonly #status: () => Status;

  constructor(status: () => Status) {
    this.#status = status;
    const registers = [this.#registry];
    this.#served = new Histogram({
      name: 'berth_gateway_event_to_served_seconds',
      help: 'Seconds from the first watch event of a change until nginx served it.',
      buckets: SERVED_BUCKETS,
      registers,
    });
    const gauge = (name: string, help: string, value: () => number): void =>
      void new Gauge({
        name: `berth_gateway_${name}`,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    gauge('routes', 'Routes that nginx took.', () => status().routes.size);
    gauge('generation', 'Number of the table that nginx took; 0 when it does not answer.', () => {
      return status().generation;
    });
    gauge('listed', '1 when the cluster was listed, 0 while the routes are those of an earlier run.', () =>
      Number(status().listed),
    );
    new Gauge({
      name: 'berth_gateway_refusals',
      help: 'What gets no route, by the reason.',
      labelNames: ['reason'],
      registers,
      collect() {
        this.reset();
        for (const { reason } of status().refused) this.inc({ reason });
      },
    });
    new Gauge({
      name: 'berth_gateway_certificate_expiry_timestamp_seconds',
      help: 'When a certificate ends, in seconds since 1970, by its names and where it comes from.',
      labelNames: ['names', 'source'],
      registers,
      collect() {
        this.reset();
        for (const { names, source, notAfter } of status().certificates)
          this.set({ names: names.join(','), source }, Date.parse(notAfter) / 1000);
      },
    });
  }

  /** nginx serves a change whose first event came so many seconds ago. */
  served(seconds: number): void {
    this.#served.observe(seconds);
  }

  /** In Prometheus' text format. */
  async text(): Promise<string> {
    return `${await this.#registry.metrics()}${endpointLines(this.#status().routes)}`;
  }
}

/** Written by hand: as a gauge of prom-client ten thousand routes would hold up the next change for longer. */
function endpointLines(routes: ReadonlyMap<string, Route>): string {
  const name = 'berth_gateway_route_endpoints';
  const lines = [`# HELP ${name} Endpoints of a route that are ready.`, `# TYPE ${name} gauge`];
  for (const [host, { environment, service, endpoints }] of routes)
    lines.push(
      `${name}{environment="${environment}",service="${service}",host="${host}"} ${endpoints.length}`,
    );
  return `${lines.join('\n')}\n`;
}
