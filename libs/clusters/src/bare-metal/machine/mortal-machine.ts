import type { Completed, RunOptions, Unit } from '@berth/exec';
import type { Machine } from '../machine';
import type { FakeMachine } from './fake-machine';

/** A program that must not be started any more, or a unit that must not be touched: the process is dead. */
const forEver = (): Promise<never> => new Promise(() => undefined);

/** For tests: a machine on which the process that works is killed before one of its effects. */
export interface MortalMachine extends Machine {
  /** Resolves when it is killed. */
  killed: Promise<'killed'>;
  /** How many programs and changes of units there were. */
  effects(): number;
}

/**
 * The same machine for a process that stops for ever before its effect number `diesAt`, as kill -9 would have it: no
 * catch and no finally of what it does there runs.
 */
export function mortalMachine(machine: FakeMachine, diesAt = Infinity): MortalMachine {
  let effects = 0;
  let die: (value: 'killed') => void = () => undefined;
  const killed = new Promise<'killed'>((resolve) => (die = resolve));
  const effect = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    effects++;
    if (effects < diesAt) return work();
    die('killed');
    return forEver();
  };
  const { runner, keeper } = machine;
  const mortal = {
    run: (argv: readonly string[], options?: RunOptions): Promise<Completed> =>
      effect(() => runner.run(argv, options)),
  };
  return {
    ...machine,
    killed,
    effects: () => effects,
    runner: mortal,
    here: mortal,
    keeper: {
      isRunning: (unit: Unit) => keeper.isRunning(unit),
      logHint: (name: string) => keeper.logHint(name),
      ensure: (unit: Unit) => effect(() => keeper.ensure(unit)),
      stop: (name: string) => effect(() => keeper.stop(name)),
    },
  };
}
