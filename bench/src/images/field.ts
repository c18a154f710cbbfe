import { lastLine } from '@berth/engines/src/last-line';
import { ProgramError } from '@berth/exec';

/** How often a peer may try for a figure. */
const TRIES = 3;

interface Runner {
  readonly contestant: { readonly name: string };
}

/**
 * Those that take part. A peer may fail by a fault of its own, as buildx does with many targets
 * (github.com/docker/buildx/issues/3810): it tries again, and without success goes without figures from then on.
 */
export class Field<Lane extends Runner> {
  readonly failures: string[] = [];
  readonly #left = new Set<Lane>();

  /** @param mayFail whether it is a peer */
  constructor(
    private readonly mayFail: (lane: Lane) => boolean,
    private readonly print: (line: string) => void,
  ) {}

  /** @throws what fails but is no program of a peer */
  async run(lane: Lane, title: string, round: (lane: Lane) => Promise<void>): Promise<void> {
    for (let number = 1; number <= TRIES && !this.#left.has(lane); number++) {
      try {
        return await round(lane);
      } catch (error) {
        if (!(error instanceof ProgramError) || !this.mayFail(lane)) throw error;
        const failure = `${lane.contestant.name}, ${title}, try ${number} of ${TRIES}: ${lastLine(`${error.stdout}\n${error.stderr}`) ?? error.message}`;
        this.failures.push(failure);
        this.print(failure);
      }
    }
    this.#left.add(lane);
  }
}
