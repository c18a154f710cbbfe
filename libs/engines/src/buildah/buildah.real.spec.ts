import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { itIsAnEngine } from '../contract';
import { PodmanEngine } from '../podman/podman-engine';
import { testProgram } from '../testing-program';
import { BuildahEngine } from './buildah-engine';
import { TestStore } from './testing-store';

jest.setTimeout(120_000);

const engines = [
  { Engine: PodmanEngine, name: 'podman', cannot: {} },
  { Engine: BuildahEngine, name: 'buildah', cannot: { startContainers: 'buildah only builds' } },
];

describe.each(engines)('$name as an engine', ({ Engine, name, cannot }) => {
  let folder: string;
  const stores: TestStore[] = [];

  afterAll(async () => {
    for (const store of stores) await store.remove();
    await rm(folder, { recursive: true, force: true });
  });

  itIsAnEngine(async () => {
    folder = await mkdtemp(join(tmpdir(), 'engine-program-'));
    for (let index = 0; index < 2; index++) stores.push(await TestStore.make());
    const [own, other] = stores as [TestStore, TestStore];
    return {
      engine: new Engine(own.runner, process.env),
      elsewhere: new Engine(other.runner, process.env),
      program: await testProgram(folder, own.runner),
      forget: async (reference) => {
        await own.runner.run([name, 'rmi', '--force', reference], { expect: [0, 1, 125] });
      },
    };
  }, cannot);
});
