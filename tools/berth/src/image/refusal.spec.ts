import { BuildahEngine, PodmanEngine, type Engine } from '@berth/engines';
import { RecordingRunner } from '@berth/exec';
import type { Until } from './image-record';
import { ownPlatform, type ImagePlan } from './plan';
import { refusalOf } from './refusal';
import { planOf } from './stand-ins';

const runner = new RecordingRunner();
const buildah = new BuildahEngine(runner, {});
const podman = new PodmanEngine(runner, {});
const health = { ports: [{ name: 'http', port: 8080 }], health: { path: '/' } };
const foreign = ownPlatform() === 'linux/s390x' ? 'linux/amd64' : 'linux/s390x';

const refused = (plan: ImagePlan, until: Until, engine: Engine = buildah, platforms: string[] = []) =>
  refusalOf(plan, until, engine, {
    registry: 'r',
    insecureRegistries: [],
    engine: engine.name,
    domain: 'd',
    platforms,
  });

describe('an engine that starts no containers', () => {
  it.each([
    [planOf(health), 'the test of health in apps/web/service.json'],
    [planOf(undefined, { test: { health: true, command: ['/x'] } }), 'test.command in apps/web/image.json'],
    [planOf(health, { test: { health: false, client: ['/x'] } }), 'test.client in apps/web/image.json'],
    [
      planOf(undefined, { builder: { image: 'b', command: ['make'], output: 'dist' } }),
      'builder in apps/web/image.json',
    ],
  ])('does not make what needs one, and says which engine does', (plan, setting) => {
    expect(refused(plan, 'push')).toMatchObject({
      name: 'UnsupportedEngineError',
      message: expect.stringContaining(`starts no containers, and ${setting} needs one`),
      hint: expect.stringMatching(/--engine podman[^]*[Ww]ithout/),
    });
    expect(refused(plan, 'push', podman)).toBeUndefined();
  });

  it('makes what needs none, and builds what is not to be tested', () => {
    expect(refused(planOf(), 'push')).toBeUndefined();
    expect(refused(planOf(health, { test: { health: false } }), 'push')).toBeUndefined();
    expect(refused(planOf(health), 'build')).toBeUndefined();
  });
});

describe('a machine of another kind than the platforms', () => {
  it('tests no image of theirs, and says what to add', () => {
    expect(refused(planOf(health), 'push', podman, [foreign])).toMatchObject({
      message: expect.stringContaining(
        `this machine is ${ownPlatform()}, and platforms in nx.json has only ${foreign}`,
      ),
      hint: expect.stringContaining(`Add "${ownPlatform()}"`),
    });
  });

  it('tests its own one of several, and builds any', () => {
    expect(refused(planOf(health), 'push', podman, [foreign, ownPlatform()])).toBeUndefined();
    expect(refused(planOf(health), 'push', podman, [`${ownPlatform()}/v8`])).toBeUndefined();
    expect(refused(planOf(health), 'build', podman, [foreign])).toBeUndefined();
    expect(refused(planOf(), 'push', podman, [foreign])).toBeUndefined();
  });
});
