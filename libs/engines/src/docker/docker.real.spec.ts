import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { itIsAnEngine } from '../contract';
import { testProgram } from '../testing-program';
import { DockerEngine } from './docker-engine';

jest.setTimeout(120_000);

describe('Docker without buildx as an engine', () => {
  const runner = new ProcessRunner();
  let folder: string;

  afterAll(() => rm(folder, { recursive: true, force: true }));

  itIsAnEngine(
    async () => {
      folder = await mkdtemp(join(tmpdir(), 'engine-program-'));
      return {
        engine: new DockerEngine(runner),
        program: await testProgram(folder, runner),
        forget: async (reference) => {
          await runner.run(['docker', 'image', 'rm', '--force', reference], { expect: [0, 1] });
        },
      };
    },
    {
      reproduce: 'the builder in dockerd writes the time of the build into the image',
      severalPlatforms: 'the builder in dockerd takes one platform',
      buildCache: 'the builder in dockerd keeps its cache to itself',
    },
  );
});
