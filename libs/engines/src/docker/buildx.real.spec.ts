import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { itIsAnEngine, type Inabilities } from '../contract';
import { testProgram } from '../testing-program';
import { DockerEngine } from './docker-engine';
import { BuildxClient } from './testing-buildkit';

// The two programs are built first, where they are not there yet.
jest.setTimeout(1_200_000);

const isAsked = process.env['BERTH_TEST_BUILDKIT'] === '1';
const engines: { name: string; own: boolean; cannot: Inabilities }[] = [
  {
    name: 'the BuildKit in dockerd 20.10',
    own: false,
    cannot: {
      reproduce: 'it writes the time of the build into the image',
      severalPlatforms: 'dockerd 20.10 has no containerd image store',
      buildCache: 'dockerd 20.10 has no containerd image store',
    },
  },
  { name: 'a BuildKit of its own', own: true, cannot: {} },
];

for (const { name, own, cannot } of engines) {
  const title = `Docker with buildx and ${name} as an engine${isAsked ? '' : ' (takes minutes, with BERTH_TEST_BUILDKIT=1)'}`;
  (isAsked ? describe : describe.skip)(title, () => {
    let folder: string;
    const clients: BuildxClient[] = [];
    const ends: (() => Promise<void>)[] = [];

    afterAll(async () => {
      await Promise.all(ends.map((end) => end()));
      for (const client of clients) await client.remove();
      await rm(folder, { recursive: true, force: true });
    });

    itIsAnEngine(async () => {
      folder = await mkdtemp(join(tmpdir(), 'engine-program-'));
      for (let index = 0; index < (own ? 2 : 1); index++) {
        const client = await BuildxClient.make();
        clients.push(client);
        if (own) ends.push((await client.withBuildKit()).end);
      }
      const [first, second] = clients as [BuildxClient, BuildxClient?];
      return {
        engine: new DockerEngine(first.runner, folder, first.environment),
        ...(second && { elsewhere: new DockerEngine(second.runner, folder, second.environment) }),
        program: await testProgram(folder, first.runner),
        forget: async (reference) => {
          await first.runner.run(['docker', 'image', 'rm', '--force', reference], { expect: [0, 1] });
        },
      };
    }, cannot);
  });
}
