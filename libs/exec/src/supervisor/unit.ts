/** A program that is to run for as long as the machine does. */
export interface Unit {
  /** For people and file names, for example `containerd`. */
  name: string;
  /**
   * Absolute program and arguments. A word `$NAME` is replaced by the words of that variable of
   * `environmentFiles`, as systemd does it.
   */
  argv: string[];
  env?: Record<string, string>;
  /** Files with lines `NAME="value"`, read at each start. */
  environmentFiles?: string[];
  /** It is started only once these exist. */
  waitForFiles?: string[];
  /** It is started only once these unix sockets take connections. */
  waitForSockets?: string[];
  /** Files that a killed predecessor may have left and that keep it from starting. */
  removeFirst?: string[];
  /** Programs that run to their end before each start; what comes of them does not matter. Absolute paths. */
  runFirst?: string[][];
}

/** Keeps units running. systemd is one implementation, {@link Supervisor} the other. */
export interface UnitKeeper {
  /** Whether it is running now as `unit` says. */
  isRunning(unit: Unit): Promise<boolean>;
  /** Starts it, or restarts it when it runs with another definition; nothing when it runs as `unit` says. */
  ensure(unit: Unit): Promise<void>;
  /** Ends it for good, and forgets it; nothing when there is none. */
  stop(name: string): Promise<void>;
  /** Where its output goes: what a person types or opens to see it. */
  logHint(name: string): string;
}
