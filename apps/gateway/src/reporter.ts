import type { ObservedService, Refusal } from '@berth/routes';
import { errorText, type Log } from './log';
import type { RefusalConditions } from './refusal-conditions';
import type { RefusalEvents, ToldRefusal } from './refusal-events';

/** What is there and what is refused of it, now; Services by `<namespace>/<name>`. */
export interface Refusing {
  service(key: string): ObservedService | undefined;
  refusedOf(key: string): readonly Refusal[];
  /** Of all of them. */
  readonly refused: readonly Refusal[];
}

/** What may be other than at the last report. */
export interface ReportedChange {
  /** Services that are other than before. */
  services: Iterable<string>;
  /** Those of which something else is refused than before. */
  refused: ReadonlySet<string>;
}

/** Tells people what gets no route. */
export interface Reporting {
  /** Has it told soon, as it is then. */
  report(change: ReportedChange): void;
  /** Tells once more what could not be written, and what has grown old. */
  repeat(): void;
}

/** Tells the cluster what is refused, apart from the routes: these never wait for it. */
export class Reporter implements Reporting {
  /** Services whose condition has to be looked at. */
  #services = new Set<string>();
  #hasOtherRefusals = false;
  /** Services whose condition could not be written. */
  #unwritten = new Set<string>();
  #working: Promise<void> | undefined;

  constructor(
    private readonly table: Refusing,
    private readonly events: Pick<RefusalEvents, 'write'>,
    private readonly conditions: Pick<RefusalConditions, 'write'>,
    private readonly log: Log,
  ) {}

  report({ services, refused }: ReportedChange): void {
    for (const key of services) this.#services.add(key);
    for (const key of refused) this.#services.add(key);
    this.#hasOtherRefusals ||= refused.size > 0;
    this.#work();
  }

  repeat(): void {
    this.#hasOtherRefusals = true;
    this.report({ services: this.#unwritten, refused: new Set() });
  }

  /** Until all that was reported is written, or could not be. */
  async flush(): Promise<void> {
    while (this.#working) await this.#working;
  }

  #work(): void {
    this.#working ??= this.#tell().finally(() => (this.#working = undefined));
  }

  async #tell(): Promise<void> {
    while (this.#services.size > 0 || this.#hasOtherRefusals) {
      const keys = [...this.#services];
      const errors: unknown[] = [];
      this.#services.clear();
      if (this.#hasOtherRefusals) {
        this.#hasOtherRefusals = false;
        errors.push(...(await this.events.write(this.table.refused.map(told))));
      }
      for (const key of keys) this.#unwritten.delete(key);
      const services = keys.flatMap((key) => this.table.service(key) ?? []);
      const refused = keys.flatMap((key) => this.table.refusedOf(key));
      for (const { service, error } of await this.conditions.write(services, refused)) {
        this.#unwritten.add(`${service.namespace}/${service.name}`);
        errors.push(error);
      }
      if (errors.length) {
        this.log.warn('refusals could not be written', {
          errors: errors.length,
          first: errorText(errors[0]),
        });
      }
    }
  }
}

/** The same for the same refusal, which stays the same value while it stands. */
const known = new WeakMap<Refusal, ToldRefusal>();

function told(refusal: Refusal): ToldRefusal {
  const before = known.get(refusal);
  if (before) return before;
  const { service, ...rest } = refusal;
  const found: ToldRefusal = { object: { kind: 'Service', ...service }, ...rest };
  known.set(refusal, found);
  return found;
}
