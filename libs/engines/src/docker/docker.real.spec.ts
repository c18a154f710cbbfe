import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { itIsAnEngine } from '../contract';
import { testProgram } from '../testing-program';
import { DockerEngine } from './docker-engine';
import { TestDockerd } from './testing-dockerd';

// The dockerd that is asked for is built first, where it is not there yet.
jest.setTimeout(process.env['BERTH_TEST_DOCKERD'] ? 1_200_000 : 120_000);

describe('Docker without buildx as an engine', () => {
  // The machine's, unless another one is asked for.
  const isOwn = Boolean(process.env['BERTH_TEST_DOCKERD']);
  let runner = new ProcessRunner();
  let dockerd: TestDockerd | undefined;
  let folder: string;

  afterAll(async () => {
    await dockerd?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  itIsAnEngine(
    async () => {
      folder = await mkdtemp(join(tmpdir(), 'engine-program-'));
      if (isOwn) {
        dockerd = await TestDockerd.start();
        runner = new ProcessRunner({ env: { DOCKER_HOST: dockerd.host } });
      }
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
      ...(process.env['BERTH_TEST_DOCKERD'] && {
        countMounted: 'with the containerd image store no line says that a configuration was mounted',
      }),
    },
  );
});
