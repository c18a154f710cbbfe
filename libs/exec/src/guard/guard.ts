import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';

/** What is to be done once this process has ended, should it not get to it itself. */
export type LastWish =
  | { /** A process group to end, by its leader's pid. */ group: number; started: string }
  | { /** Absolute path of a folder to delete. */ folder: string }
  | { /** A program to run. */ command: readonly string[] };

/** Of util-linux: makes the guard nobody's child, so that who ends all children of Berth's does not end it. */
const SETSID = '/usr/bin/setsid';

/** Milliseconds that a guard without wishes waits for the next one: it starts as slowly as all of Node. */
const LINGER_MS = 2_000;

/**
 * A small process beside this one that fulfils last wishes when this one has ended, also by kill -9. It runs while
 * there are any, and a little longer.
 */
class Guard {
  readonly #wishes = new Map<string, LastWish>();
  #pipe: Socket | undefined;
  #dismissal: NodeJS.Timeout | undefined;
  #count = 0;

  /** @returns takes the wish back; safe to call twice. */
  leave(wish: LastWish): () => void {
    const key = String(this.#count++);
    this.#wishes.set(key, wish);
    clearTimeout(this.#dismissal);
    if (this.#pipe) this.#tell(key, wish);
    else this.#start();
    return () => {
      if (!this.#wishes.delete(key)) return;
      this.#tell(key, undefined);
      if (this.#wishes.size === 0) this.#dismissal = setTimeout(() => this.#dismiss(), LINGER_MS).unref();
    };
  }

  #dismiss(): void {
    this.#pipe?.end();
    this.#pipe = undefined;
  }

  #start(): void {
    const argv = [
      ...(existsSync(SETSID) ? [SETSID, '--fork'] : []),
      process.execPath,
      join(__dirname, 'guard.mjs'),
    ];
    const child = spawn(argv[0] ?? '', argv.slice(1), {
      cwd: '/',
      env: { ...process.env, NODE_OPTIONS: undefined },
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    // Without a guard everything works but the tidying up after kill -9.
    child.on('error', () => undefined);
    // Not its standard input: Node closes that as soon as setsid has forked and ended.
    this.#pipe = child.stdio[3] as Socket;
    this.#pipe.on('error', () => undefined);
    // It waits for this process, not this process for it.
    child.unref();
    this.#pipe.unref();
    for (const [key, wish] of this.#wishes) this.#tell(key, wish);
  }

  #tell(key: string, entry: LastWish | undefined): void {
    this.#pipe?.write(`${JSON.stringify({ key, entry })}\n`);
  }
}

const guard = new Guard();

/**
 * Leaves a wish for the time after this process, however it ends.
 * @returns takes the wish back; safe to call twice.
 */
export function leaveWish(wish: LastWish): () => void {
  return guard.leave(wish);
}
