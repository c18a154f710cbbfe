import type { Log } from '../log';
import type { Refusing, ReportedChange, Reporting } from '../reporter';

/** Tells the log what gets no route, each once while it stands: a Swarm has no place for it where its service is. */
export class LoggedRefusals implements Reporting {
  readonly #logged = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly table: Pick<Refusing, 'refusedOf'>,
    private readonly log: Log,
  ) {}

  report({ refused }: ReportedChange): void {
    for (const key of refused) {
      const before = this.#logged.get(key);
      const standing = new Set<string>();
      for (const { service, host, reason, message } of this.table.refusedOf(key)) {
        standing.add(`${reason} ${message}`);
        if (before?.has(`${reason} ${message}`)) continue;
        this.log.warn(message, {
          environment: service.namespace,
          service: service.name,
          ...(host !== undefined && { host }),
          reason,
        });
      }
      if (standing.size > 0) this.#logged.set(key, standing);
      else this.#logged.delete(key);
    }
  }

  repeat(): void {
    // Its lines stay where they are.
  }
}
