// Tidies up after a Berth that has ended, however it did: `node guard.mjs`. Started by guard.ts, it reads from its
// file descriptor 3 what there would be to do. That ends when Berth does, by kill -9 too. Needs nothing but Node.
import { spawnSync } from 'node:child_process';
import { createReadStream, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const GRACE_MS = 5_000;
const POLL_MS = 20;
const COMMAND_MS = 30_000;

// Whoever ends Berth may mean all that it has started; this one is for afterwards.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

/** By key: `{ group, started }`, `{ folder }` or `{ command }`. */
const entries = new Map();
for await (const line of createInterface({ input: createReadStream('', { fd: 3 }) })) {
  const { key, entry } = JSON.parse(line);
  if (entry) entries.set(key, entry);
  else entries.delete(key);
}

const startedAt = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
};

const signalled = (group, signal) => {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
};

const groups = [...entries.values()].filter(({ group }) => group !== undefined);
// A pid is used again only once its process and its whole group have ended.
const left = () =>
  groups.filter(
    ({ group, started }) => [undefined, started].includes(startedAt(group)) && signalled(group, 0),
  );
for (const { group } of left()) signalled(group, 'SIGTERM');
for (const end = Date.now() + GRACE_MS; left().length > 0 && Date.now() < end;)
  await new Promise((resolve) => setTimeout(resolve, POLL_MS));
for (const { group } of left()) signalled(group, 'SIGKILL');

for (const { command } of entries.values())
  if (command) spawnSync(command[0], command.slice(1), { stdio: 'ignore', timeout: COMMAND_MS });
for (const { folder } of entries.values()) if (folder) rmSync(folder, { recursive: true, force: true });
