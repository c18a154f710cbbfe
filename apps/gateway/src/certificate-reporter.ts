import { errorText, type Log } from './log';
import type { RefusalEvents, ToldRefusal } from './refusal-events';

/** Tells the log and the cluster which certificates are refused, apart from the certificates: these never wait for it. */
export class CertificateReporter {
  #logged = new Set<string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly events: Pick<RefusalEvents, 'write'>,
    private readonly log: Log,
  ) {}

  /** Called again with what still stands, it writes what could not be written and what has grown old. */
  report(refused: readonly ToldRefusal[]): void {
    const standing = new Set<string>();
    for (const { object, reason, message } of refused) {
      const text = `${object.name}: ${message}`;
      standing.add(text);
      if (!this.#logged.has(text)) this.log.warn(message, { secret: object.name, reason });
    }
    this.#logged = standing;
    this.#writing = this.#writing.then(() => this.#write(refused));
  }

  async #write(refused: readonly ToldRefusal[]): Promise<void> {
    const [error] = await this.events.write(refused);
    if (error !== undefined)
      this.log.warn('the Event of a refused certificate could not be written', { error: errorText(error) });
  }
}
