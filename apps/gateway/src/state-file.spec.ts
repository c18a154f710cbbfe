import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateFile } from './state-file';
import { testLog } from './testing-objects';
import { until } from './testing-until';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  path = join(folder, 'state.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (pauseMs: number) =>
  new StateFile<string[]>(
    path,
    { pieces: (state) => state, parse: (text) => text.split('|') },
    testLog().log,
    pauseMs,
  );
const written = (): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

describe('a state in a file', () => {
  it('is the last one that was saved, written whole, for its own user', async () => {
    const state = file(1);
    const long = Array.from({ length: 3000 }, (_, index) => `piece ${index}|`);
    for (const last of ['a', 'b', 'c']) state.save(() => [...long, last]);
    await state.flush();
    expect(written()).toBe(`${long.join('')}c`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['state.json']);
    expect(await file(1).load()).toHaveLength(3001);
  });

  it('is asked for when it is written, not when it is saved', async () => {
    const state = file(60_000);
    state.save(() => ['first']);
    await until(written, (text) => text === 'first');
    let value = 'second';
    state.save(() => [value]);
    value = 'third';
    await state.flush();
    expect(written()).toBe('third');
  });

  it('waits before it is written again, but for nobody who ends', async () => {
    const state = file(3_600_000);
    state.save(() => ['first']);
    await until(written, (text) => text === 'first');
    state.save(() => ['second']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(written()).toBe('first');
    await state.flush();
    expect(written()).toBe('second');
  });
});
