import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testService } from '../testing-models';
import { renderCommand, renderResources } from './programs';

const sidecar = (command: string[], env: Record<string, string> = {}) => ({ name: 'side', command, env });

describe('the programs of a container', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'programs-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (document: object): string => {
    const [program = '', ...argv] = renderCommand(testService('web', document)) ?? [];
    return execFileSync(program, argv, {
      encoding: 'utf8',
      timeout: 20_000,
      env: { PATH: process.env.PATH },
    });
  };
  const file = () => join(folder, 'log');

  it('are the service’s own alone when there are no others', () => {
    expect(renderCommand(testService('web', { command: ['web', '$HOME'] }))).toEqual(['web', '$HOME']);
    expect(renderCommand(testService('web'))).toBeUndefined();
  });

  it('begin with the sidecars, which get their variables and arguments as they are written', () => {
    const text = `it's "$HOME" \\ and\nmore`;
    const write = 'printf "%s|%s|" "$TEXT" "$1" > "$FILE"; mv "$FILE" "$FILE.done"';
    // In a container they end with its first program; here the loop around the sidecar is to be ended.
    const end = 'until [ -e "$FILE.end" ]; do sleep 0.05; done; kill -9 $PPID';
    const main = `until [ -e ${file()}.done ]; do sleep 0.05; done; printf '%s' "$1"; : > ${file()}.end`;
    const printed = run({
      command: ['sh', '-c', main, 'main', text],
      sidecars: [sidecar(['sh', '-c', `${write}; ${end}`, 'side', text], { TEXT: text, FILE: file() })],
    });
    expect(printed).toBe(text);
    expect(readFileSync(`${file()}.done`, 'utf8')).toBe(`${text}|${text}|`);
  });

  it('end together when a sidecar ends again and again, so that Swarm starts the task anew', () => {
    const ended = () =>
      run({
        command: ['sleep', '60'],
        sidecars: [sidecar(['sh', '-c', `echo started >> ${file()}; exit 3`])],
      });
    expect(ended).toThrow(expect.objectContaining({ signal: 'SIGTERM' }));
    expect(readFileSync(file(), 'utf8').trim().split('\n')).toHaveLength(5);
  });

  it('share the memory and the time of all of them', () => {
    const resources = { cpu: '100m', memory: '64Mi' };
    const sidecars = [{ name: 'side', command: ['side'], resources: { cpu: '50m', memory: '32Mi' } }];
    expect(renderResources(testService('web', { resources, sidecars }))).toEqual({
      Limits: { MemoryBytes: 96 * 2 ** 20 },
      Reservations: { NanoCPUs: 150_000_000, MemoryBytes: 96 * 2 ** 20 },
    });
  });
});
