import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PostgresStore } from './postgres-store';
import type { Trade } from './trade';
import { StoreUnavailableError } from './trade-store';

const run = promisify(execFile);
const docker = async (...argv: string[]) => (await run('docker', argv)).stdout.trim();
jest.setTimeout(120_000);

const workspace = join(__dirname, '../../..');
let storeImage: string;

/** Makes the image of the service `store` where the registry lacks it, and takes it from a record of that of its own. */
beforeAll(async () => {
  const record = '.berth/test/store-image.json';
  await run(join(workspace, 'node_modules/.bin/nx'), ['docker-push', 'store', `--json=${record}`], {
    cwd: workspace,
    env: { ...process.env, NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' },
  });
  const { images } = JSON.parse(readFileSync(join(workspace, record), 'utf8')) as {
    images: Record<string, { reference: string } | undefined>;
  };
  storeImage = images.store?.reference ?? '';
  expect(storeImage).toMatch(/\/store:[0-9a-f]+$/);
}, 300_000);

const containers: string[] = [];
const stores: PostgresStore[] = [];
const data = ownFolder();
// Like a pod's emptyDir, and unlike a tmpfs, it stays when the container is started again.
const sockets = ownFolder();

function ownFolder(parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'berth-store-'));
  chownSync(folder, 1000, 1000);
  return folder;
}

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers);
  for (const folder of [data, sockets]) rmSync(folder, { recursive: true, force: true });
});

/** Starts the store as the cluster does: not root, no capabilities, read-only root, and the volume at /data. */
async function start(password: string, settings: string[] = [], volume = data): Promise<string> {
  const id = await docker(
    ...['run', '--detach', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...['--user', '1000:1000', '--memory', '192m', '--publish', '127.0.0.1::5432'],
    ...['--tmpfs', '/tmp:mode=1777', '--volume', `${sockets}:/run/postgresql`, '--volume', `${volume}:/data`],
    ...['--env', `STORE_PASSWORD=${password}`, ...settings, storeImage],
  );
  containers.push(id);
  return id;
}

async function storeOf(container: string, password: string): Promise<PostgresStore> {
  const address = await docker('port', container, '5432/tcp');
  const store = new PostgresStore({
    url: new URL(`tcp://${address.split('\n')[0]}`),
    name: 'blotter',
    password,
    onIdleError: () => undefined,
  });
  stores.push(store);
  return store;
}

/** Milliseconds for a start with its first initdb on a busy machine. */
const START_MS = 60_000;

async function migrated(container: string, password: string): Promise<PostgresStore> {
  const limit = Date.now() + START_MS;
  for (;;) {
    const store = await storeOf(container, password);
    try {
      await store.migrate();
      return store;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || Date.now() > limit) {
        throw new Error(`${String(error)}\n${await docker('logs', container)}`, { cause: error });
      }
      await delay(200);
    }
  }
}

function someTrade(second: number): Trade {
  return {
    id: randomUUID(),
    symbol: 'TIDE',
    side: 'sell',
    quantity: 3,
    price: 88.3125,
    currency: 'USD',
    executedAt: new Date(Date.UTC(2026, 10, 24, 9, 30, second)).toISOString(),
  };
}

const first = someTrade(1);
const second = someTrade(2);
let container: string;

it('refuses to start without a password, and says so', async () => {
  for (const password of ['', `it's`, 'two words', '$HOME']) {
    const id = await start(password);
    expect(await docker('wait', id)).toBe('64');
    const { stderr } = await run('docker', ['logs', id]);
    expect(stderr).toContain('POSTGRES_PASSWORD must');
  }
});

it('keeps trades: each once, newest first, prices as numbers', async () => {
  container = await start('first-password');
  const store = await migrated(container, 'first-password');
  expect(await store.add(first)).toEqual({ trade: first, added: true });
  expect(await store.add(second)).toEqual({ trade: second, added: true });
  expect(await store.add({ ...first, price: 1 })).toEqual({ trade: first, added: false });
  expect(await store.latest(10)).toEqual([second, first]);
  expect(await store.latest(1)).toEqual([second]);
});

it('takes the same trade from many at once and keeps one', async () => {
  const store = await migrated(container, 'first-password');
  const trade = someTrade(0);
  const answers = await Promise.all(Array.from({ length: 20 }, () => store.add(trade)));
  expect(answers.filter(({ added }) => added)).toHaveLength(1);
  expect(new Set(answers.map((answer) => JSON.stringify(answer.trade))).size).toBe(1);
});

it('is migrated by several at once', async () => {
  const many = await Promise.all(Array.from({ length: 4 }, () => storeOf(container, 'first-password')));
  await Promise.all(many.map((store) => store.migrate()));
});

it('never shows the password in its list of processes or its log', async () => {
  const processes = await docker('top', container, '-eo', 'pid,args');
  const { stdout, stderr } = await run('docker', ['logs', container]);
  expect(processes).toContain('postgres -D');
  expect(`${processes}${stdout}${stderr}`).not.toContain('first-password');
});

it('ends with an error, and without the password in it, when the role is not there', async () => {
  const volume = ownFolder(data);
  const before = await start('fourth-password', [], volume);
  await migrated(before, 'fourth-password');
  await docker('stop', '--time', '20', before);
  const second = await start('fourth-password', ['--env', 'POSTGRES_DATABASE=elsewhere'], volume);
  expect(await docker('wait', second)).not.toBe('0');
  const { stdout, stderr } = await run('docker', ['logs', second]);
  expect(`${stdout}${stderr}`).toContain('role "elsewhere" does not exist');
  expect(`${stdout}${stderr}`).not.toContain('fourth-password');
});

it('says that the password is wrong', async () => {
  const store = await storeOf(container, 'another-password');
  await expect(store.latest(1)).rejects.toThrow(/refuses the password of blotter: STORE_PASSWORD/);
});

it('keeps trades through kill -9, and goes on in the same process', async () => {
  const store = await migrated(container, 'first-password');
  const last = someTrade(59);
  await store.add(last);
  await docker('kill', '--signal', 'KILL', container);
  await expect(store.latest(1)).rejects.toThrow(StoreUnavailableError);
  await docker('start', container);
  const again = await migrated(container, 'first-password');
  expect((await again.latest(10)).map(({ id }) => id)).toEqual(expect.arrayContaining([last.id, first.id]));
});

it('stops within seconds although clients are connected, and starts with a changed password', async () => {
  const store = await migrated(container, 'first-password');
  await store.latest(1);
  await docker('stop', '--time', '20', container);
  // 137 would be SIGKILL.
  expect(await docker('inspect', '--format', '{{.State.ExitCode}}', container)).toBe('0');
  const successor = await start('second-password');
  const again = await migrated(successor, 'second-password');
  expect((await again.latest(10)).map(({ id }) => id)).toContain(first.id);
  await expect((await storeOf(successor, 'first-password')).latest(1)).rejects.toThrow(
    'refuses the password',
  );
  await docker('rm', '--force', successor);
});

it('starts over when the first start was killed half-way', async () => {
  const half = ownFolder(data);
  const unfinished = join(half, 'postgresql-17.unfinished');
  mkdirSync(join(unfinished, 'base'), { recursive: true });
  writeFileSync(join(unfinished, 'PG_VERSION'), '17\n');
  for (const path of [unfinished, join(unfinished, 'base')]) chownSync(path, 1000, 1000);
  const store = await migrated(await start('third-password', [], half), 'third-password');
  expect(await store.latest(1)).toEqual([]);
  expect(readdirSync(half)).toEqual(['postgresql-17']);
});
