import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registryOf, setRegistry } from './registry-option';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'berth-registry-'))));
afterEach(() => rmSync(root, { recursive: true }));
const write = (text: string) => writeFileSync(join(root, 'nx.json'), text);
const read = () => readFileSync(join(root, 'nx.json'), 'utf8');

it('changes the one value, and leaves the rest as it is written', () => {
  const text = (registry: string) =>
    `{ "tui": { "enabled": false },\n  "plugins": [{ "plugin": "@berth/nx", "options": { "registry" : "${registry}" } }] }\n`;
  write(text('localhost:5000/berth'));
  expect(registryOf(root)).toBe('localhost:5000/berth');
  setRegistry(root, 'localhost:5001/$1');
  expect(read()).toBe(text('localhost:5001/$1'));
  expect(registryOf(root)).toBe('localhost:5001/$1');
});

it.each([
  [
    '{ "plugins": ["@nx/js", "@berth/nx"] }',
    ['@nx/js', { plugin: '@berth/nx', options: { registry: 'ghcr.io/x' } }],
  ],
  [
    '{ "plugins": [{ "plugin": "@berth/nx", "options": { "engine": "podman" } }] }',
    [{ plugin: '@berth/nx', options: { engine: 'podman', registry: 'ghcr.io/x' } }],
  ],
  [
    // Somebody else's option has the same value.
    '{ "plugins": [{ "plugin": "other", "options": { "registry": "a/b" } }, { "plugin": "@berth/nx", "options": { "registry": "a/b" } }] }',
    [
      { plugin: 'other', options: { registry: 'a/b' } },
      { plugin: '@berth/nx', options: { registry: 'ghcr.io/x' } },
    ],
  ],
])('sets it in %s', (text, plugins) => {
  write(text);
  setRegistry(root, 'ghcr.io/x');
  expect(JSON.parse(read())).toEqual({ plugins });
});

it('is the usual one where nothing is said, and writes nothing that is so already', () => {
  const text = '{"plugins":["@berth/nx"]}';
  write(text);
  expect(registryOf(root)).toBe('localhost:5000/berth');
  setRegistry(root, 'localhost:5000/berth');
  expect(read()).toBe(text);
});
