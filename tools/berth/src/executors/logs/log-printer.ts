import type { LogLine } from '@berth/deploy';

/** ANSI colours that are read on dark and on bright ground. */
const colours = [36, 33, 32, 35, 34, 31];

/** Prints lines of many pods, each behind the name of its pod. */
export class LogPrinter {
  readonly #colours = new Map<string, number>();
  #width = 0;

  /**
   * @param coloured a colour for each service
   * @param write gets whole lines
   */
  constructor(
    private readonly coloured: boolean,
    private readonly write: (text: string) => Promise<void>,
  ) {}

  print({ service, pod, container, text }: LogLine): Promise<void> {
    const name = container === service ? pod : `${pod}/${container}`;
    // What came before cannot be moved any more.
    this.#width = Math.max(this.#width, name.length);
    const padded = name.padEnd(this.#width);
    const prefix = this.coloured ? `\u001b[${this.#colourOf(service)}m${padded}\u001b[0m` : padded;
    return this.write(`${prefix}  ${text}\n`);
  }

  #colourOf(service: string): number {
    const colour = this.#colours.get(service) ?? (colours[this.#colours.size % colours.length] as number);
    this.#colours.set(service, colour);
    return colour;
  }
}
