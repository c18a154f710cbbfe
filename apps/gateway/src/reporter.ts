import type { ObservedService, Refusal } from '@berth/routes';
import { errorText, type Log } from './log';
import type { RefusalConditions } from './refusal-conditions';
import type { RefusalEvents, ToldRefusal } from './refusal-events';

interface State {
  services: readonly ObservedService[];
  refused: readonly Refusal[];
}

/** Tells the cluster what is refused, apart from the routes: these never wait for it. */
export class Reporter {
  #next: State | undefined;
  #last: State | undefined;
  #working: Promise<void> | undefined;

  constructor(
    private readonly events: Pick<RefusalEvents, 'write'>,
    private readonly conditions: Pick<RefusalConditions, 'write'>,
    private readonly log: Log,
  ) {}

  /** Has the state told soon; of those that wait only the last. */
  report(state: State): void {
    this.#next = this.#last = state;
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  /** Tells the last state once more: what could not be written then, and what has grown old. */
  repeat(): void {
    if (this.#last) this.report(this.#last);
  }

  /** Until all that was reported is written, or could not be. */
  async flush(): Promise<void> {
    while (this.#working) await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#next) {
      const { services, refused } = this.#next;
      this.#next = undefined;
      const errors = [
        ...(await this.events.write(refused.map(told))),
        ...(await this.conditions.write(services, refused)),
      ];
      if (errors.length) {
        this.log.warn('refusals could not be written', {
          errors: errors.length,
          first: errorText(errors[0]),
        });
      }
    }
  }
}

function told({ service, ...refusal }: Refusal): ToldRefusal {
  return { object: { kind: 'Service', ...service }, ...refusal };
}
