import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { BuildahEngine } from './buildah/buildah-engine';
import { TestStore } from './buildah/testing-store';
import { DockerEngine } from './docker/docker-engine';
import type { Engine } from './engine';
import { PodmanEngine } from './podman/podman-engine';
import { faultyBuild } from './testing-faults';
import { FullRegistry } from './testing-full-registry';
import { RegistryFront } from './testing-front';
import { REGISTRY, storedManifest, unasked } from './testing-registry';

jest.setTimeout(120_000);

const options = { registry: unasked };

describe.each(['docker', 'podman', 'buildah'])('a push by %s', (name) => {
  let context: string;
  let store: TestStore | undefined;
  let engine: Engine;
  let front: RegistryFront;
  let repository: string;
  let reference: string;

  beforeAll(async () => {
    context = await mkdtemp(join(tmpdir(), 'berth-push-faults-'));
    front = await RegistryFront.before(REGISTRY);
    if (name === 'docker') engine = new DockerEngine(new ProcessRunner());
    else {
      store = await TestStore.make();
      engine = new (name === 'podman' ? PodmanEngine : BuildahEngine)(store.runner, process.env);
    }
    repository = `berth-test/push-faults-${name}-${process.pid}`;
    reference = `${front.host}/${repository}:1`;
    // Nobody has it yet.
    await writeFile(join(context, 'new'), randomBytes(3_000_000));
    await engine.build({ ...(await faultyBuild(context, 'FROM scratch\nCOPY new /\n')), reference });
  });
  beforeEach(() => {
    front.fault = undefined;
  });
  afterAll(async () => {
    await front.close();
    await store?.remove();
    if (name === 'docker')
      await new ProcessRunner().run(['docker', 'image', 'rm', '--force', reference], { expect: [0, 1] });
    await rm(context, { recursive: true, force: true });
  });

  /** What takes too long, because the program tries again. */
  const slow = name === 'docker' ? { code: 500, seconds: 50 } : { code: 429, seconds: 30 };

  const hints: Record<number, string> = {
    401: `${name} login`,
    403: `${name} login`,
    429: 'wait',
    500: 'see its log',
  };
  it.each([401, 403, 429, 500].filter((code) => code !== slow.code))('is refused with %s', async (code) => {
    front.fault = ({ method }, response) => {
      if (method !== 'POST') return false;
      response.writeHead(code, { 'content-type': 'application/json' }).end('{}');
      return true;
    };
    await expect(engine.push(reference, options)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(`${name} push`),
      hint: expect.stringContaining(hints[code] ?? 'a hint'),
    });
  });
  it.skip(`is refused with ${slow.code} (${name} tries again for ${slow.seconds} s)`, () => undefined);

  const full = 'meets a registry whose disk is full, and goes through once there is room';
  if (name === 'docker') it.skip(`${full} (docker tries again for ${slow.seconds} s)`, () => undefined);
  else
    it(full, async () => {
      const registry = await FullRegistry.start();
      try {
        const there = `${registry.host}/full:1`;
        await store?.runner.run([name, 'tag', reference, there]);
        await expect(engine.push(there, options)).rejects.toMatchObject({
          message: expect.stringContaining('500'),
          hint: expect.stringContaining('whether its disk is full'),
        });
        await registry.makeRoom();
        expect((await engine.push(there, options)).digest).toMatch(/^sha256:/);
      } finally {
        await registry.remove();
      }
    });

  it('breaks in the middle of a layer, and goes through when the registry is back', async () => {
    let isGone = false;
    front.fault = (request) => {
      if (isGone) request.socket.destroy();
      else if (request.method === 'PATCH') {
        isGone = true;
        request.once('data', () => {
          request.socket.destroy();
          // It tries again for 50 s, and is to find it back at the first time.
          if (name === 'docker') front.fault = undefined;
        });
      }
      return isGone;
    };
    if (name !== 'docker') {
      await expect(engine.push(reference, options)).rejects.toMatchObject({
        message: expect.stringMatching(/closed network connection|connection reset|broken pipe|EOF/),
        hint: expect.stringContaining('run the same command again'),
      });
      front.fault = undefined;
    }
    const { digest } = await engine.push(reference, options);
    expect(isGone).toBe(true);
    expect((await storedManifest(`${REGISTRY}/${repository}:1`))?.digest).toBe(digest);
  });
});
