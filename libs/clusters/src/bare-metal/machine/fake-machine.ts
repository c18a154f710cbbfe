import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalFiles, RecordingRunner, type HostFiles, type Unit, type UnitKeeper } from '@berth/exec';
import { writeWhole } from '../files';
import type { Machine } from '../machine';
import { machinePaths } from '../paths';
import { LOCAL_NODE, LOCAL_REGISTRY_URL } from '../settings';
import { builtName } from '../programs/build';

/** Keeps units in memory. */
export class FakeKeeper implements UnitKeeper {
  readonly units = new Map<string, Unit>();

  async isRunning(unit: Unit): Promise<boolean> {
    return JSON.stringify(this.units.get(unit.name)) === JSON.stringify(unit);
  }

  async ensure(unit: Unit): Promise<void> {
    this.units.set(unit.name, unit);
  }

  async stop(name: string): Promise<void> {
    this.units.delete(name);
  }

  logHint(name: string): string {
    return `log of ${name}`;
  }
}

export interface FakeMachine extends Omit<Machine, 'keeper'> {
  runner: RecordingRunner;
  keeper: FakeKeeper;
  root: string;
}

const roots: string[] = [];
// Of the tests that import this file.
afterAll(() => roots.forEach((root) => rmSync(root, { recursive: true, force: true })));

/** For tests: a machine whose files are below a new temporary folder, and whose programs are only recorded. */
export function fakeMachine(changes: Partial<Omit<Machine, 'keeper'>> = {}): FakeMachine {
  const root = mkdtempSync(join(tmpdir(), 'machine-'));
  roots.push(root);
  const runner = (changes.runner as RecordingRunner | undefined) ?? new RecordingRunner();
  return {
    root,
    here: runner,
    keeper: new FakeKeeper(),
    paths: machinePaths(join(root, 'home'), root),
    isRoot: true,
    architecture: 'amd64',
    files: filesBelow(root),
    processes: { list: async () => [], end: async () => undefined },
    node: LOCAL_NODE,
    registryUrl: async () => LOCAL_REGISTRY_URL,
    fetch: () => Promise.reject(new Error('no network in tests')),
    ...changes,
    runner,
  };
}

/** Files of a folder that stands for `/`, by paths with it or without. */
function filesBelow(root: string): HostFiles {
  const files = new LocalFiles();
  const at = (path: string) => (path.startsWith(root) ? path : join(root, path));
  return {
    exists: (path) => files.exists(at(path)),
    read: (path) => files.read(at(path)),
    write: (...all) => files.write(...all.map((file) => ({ ...file, path: at(file.path) }))),
    putProgram: (source, target) => files.putProgram(source, at(target)),
    list: (folder) => files.list(at(folder)),
    remove: (...paths) => files.remove(...paths.map(at)),
  };
}

/** For tests: what kubeadm leaves for whoever administers the cluster, of an API server that does not answer. */
export function putAdminConfig({ paths }: FakeMachine): void {
  const cluster = { server: 'https://127.0.0.1:1', 'certificate-authority-data': '' };
  const user = { 'client-certificate-data': '', 'client-key-data': '' };
  const content = JSON.stringify({ clusters: [{ cluster }], users: [{ user }] });
  writeWhole({ path: join(paths.kubernetes, 'admin.conf'), content });
}

/** For tests: a Go that writes what it is told to. */
export function fakeGo(): RecordingRunner {
  return new RecordingRunner().when(['go', 'build'], (argv) => {
    const [folder = '', ...sources] = argv.slice(argv.indexOf('-o') + 1);
    for (const source of sources) writeFileSync(join(folder, builtName(source)), `program ${source}`);
    return {};
  });
}
