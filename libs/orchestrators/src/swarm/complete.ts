import { objectDigest } from '@berth/deploy';
import { isSwarmService, type ManifestObject, type SwarmService } from '@berth/manifests';
import type { SecretVersion } from './secret-versions';
import { specHashLabel } from './names';
import { keepAdjusted } from './to-docker';

/**
 * Makes variables of a task's secrets, as Kubernetes does, and then becomes the program itself. It needs nothing but a
 * POSIX shell: images have few programs. What comes after the last newline is in `line` when the loop ends.
 */
export const secretsScript = `for name in $BERTH_SECRETS; do
  value=
  while IFS= read -r line; do value="$value$line
"; done < "/run/secrets/$name"
  export "$name=$value$line"
done
unset BERTH_SECRETS name value line
exec "$@"`;

/** What must be known of a Swarm and of images to make a service whole. */
export interface Surroundings {
  /** By key, the newest version. */
  secrets: ReadonlyMap<string, Pick<SecretVersion, 'name'>>;
  /** The node whose dockerd we talk to: volumes are there. */
  node: string;
  /** Entrypoint and command of an image; undefined while no registry has it. */
  command: (image: string) => Promise<readonly string[] | undefined>;
}

/**
 * A service as it is sent: with the newest version of each secret, the command that gives it its secrets as variables,
 * its node when it has volumes, the hash of all that was asked for, and what `nx scale` and `nx restart` have made of the
 * one that is live.
 */
export async function complete(
  object: ManifestObject,
  live: ManifestObject | undefined,
  { secrets, node, command }: Surroundings,
): Promise<ManifestObject> {
  if (!isSwarmService(object)) return object;
  const started = await withProgram(object, command);
  const { Container: container } = started.spec;
  const Secrets = container.Secrets.map(({ name }) => {
    const version = secrets.get(name)?.name;
    return version === undefined ? { name } : { name, version };
  });
  const hasVolumes = container.Mounts.some(({ Type }) => Type === 'volume');
  const whole: SwarmService = {
    ...started,
    spec: {
      ...started.spec,
      Container: { ...container, Secrets },
      Constraints: hasVolumes ? [pinnedTo(live) ?? `node.id==${node}`] : started.spec.Constraints,
    },
  };
  const hashed: SwarmService = {
    ...whole,
    metadata: {
      ...whole.metadata,
      labels: { ...whole.metadata.labels, [specHashLabel]: hashOf(whole) },
    },
  };
  return keepAdjusted(hashed, live && isSwarmService(live) ? live : undefined);
}

/** The service with the program that makes variables of its secrets in front of its own; the same where it has none. */
export async function withProgram(
  service: SwarmService,
  command: Surroundings['command'],
): Promise<SwarmService> {
  const { Container: container } = service.spec;
  if (container.Secrets.length === 0) return service;
  const program = container.Command ?? (await command(container.Image));
  if (program === undefined) return service;
  const names = container.Secrets.map(({ name }) => name).join(' ');
  return {
    ...service,
    spec: {
      ...service.spec,
      Container: {
        ...container,
        Command: ['/bin/sh', '-c', secretsScript, 'berth-secrets'],
        Args: [...program],
        Env: [...container.Env, { name: 'BERTH_SECRETS', value: names }],
      },
    },
  };
}

/** The node that a live service is bound to; its volumes are there. */
export function pinnedTo(live: ManifestObject | undefined): string | undefined {
  return live && isSwarmService(live) ? live.spec.Constraints.find(isPin) : undefined;
}

/** The id of the node that a service's constraints bind it to. */
export function pinnedNode(constraints: readonly string[]): string | undefined {
  return constraints.find(isPin)?.slice(pin.length);
}

const pin = 'node.id==';
const isPin = (constraint: string) => constraint.startsWith(pin);

/** Which version of a secret is mounted is a difference of its own. */
function hashOf(service: SwarmService): string {
  const { annotations: _notices, ...metadata } = service.metadata;
  const { Container: container } = service.spec;
  const Secrets = container.Secrets.map(({ name }) => ({ name }));
  return objectDigest({
    ...service,
    metadata,
    spec: { ...service.spec, Container: { ...container, Secrets } },
  });
}
