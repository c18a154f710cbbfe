import { startsContainers, UnsupportedEngineError, type Engine } from '@berth/engines';
import { UserError } from '@berth/model';
import type { BerthOptions } from '../options';
import type { Until } from './image-record';
import { ownPlatform, type ImagePlan } from './plan';

/** Why this engine, or this machine, cannot make the image; found before anything is built for it. */
export function refusalOf(
  plan: ImagePlan,
  until: Until,
  engine: Engine,
  { platforms }: BerthOptions,
): UserError | undefined {
  const { root } = plan;
  const why = needsContainer(plan, until);
  if (why && !startsContainers(engine)) {
    return new UnsupportedEngineError(
      engine.name,
      `it starts no containers, and ${why.setting} needs one.`,
      `podman builds as buildah does, in the same store, and starts containers: --engine podman, or "engine": "podman" in nx.json.\n${why.without}`,
    );
  }
  const isTested = until !== 'build' && (plan.service !== undefined || why !== undefined);
  const own = ownPlatform();
  const hasOwn = platforms.length === 0 || platforms.some((platform) => `${platform}/`.startsWith(`${own}/`));
  if (hasOwn || !(isTested || plan.image.builder)) return undefined;
  return new UserError(
    `${root}: its image cannot be ${isTested ? 'tested' : 'built'} here: this machine is ${own}, and platforms in nx.json has only ${platforms.join(', ')}.`,
    `Add "${own}" to platforms in the options of @berth/nx in nx.json${isTested ? ', or only build it: nx docker-build' : ''}.`,
  );
}

/** The setting for which a container has to be started, and how to do without. */
function needsContainer(
  { root, image, service }: ImagePlan,
  until: Until,
): { setting: string; without: string } | undefined {
  if (image.builder) {
    return {
      setting: `builder in ${root}/image.json`,
      without: `Without a container it is compiled by an Nx target: "target" in ${root}/image.json.`,
    };
  }
  if (until === 'build') return undefined;
  const test = (['command', 'client'] as const).find((name) => image.test[name]);
  if (test) {
    return {
      setting: `test.${test} in ${root}/image.json`,
      without: `Without that test: take it out of ${root}/image.json.`,
    };
  }
  if (!service?.health || !image.test.health) return undefined;
  return {
    setting: `the test of health in ${root}/service.json`,
    without: `Without that test: "test": { "health": false } in ${root}/image.json.`,
  };
}
