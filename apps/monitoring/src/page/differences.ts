import type { EnvironmentEntry, ServiceEntry } from '../entries';
import { shortImage } from './format';
import type { Row } from './table-state';

/** Something that is not the same in two environments. */
export interface Difference {
  /** What it is of; undefined: of the environment itself. */
  service: string | undefined;
  what: string;
  /** In the one environment and in the other. */
  values: readonly [string, string];
}

/** What is compared, as text. */
type Aspect<Thing> = (thing: Thing) => string;

const environmentAspects: Readonly<Record<string, Aspect<EnvironmentEntry>>> = {
  'commit of the last deploy': ({ lastDeploy }) => lastDeploy?.commit ?? 'not known',
  'outcome of the last deploy': ({ lastDeploy }) => lastDeploy?.outcome ?? 'not known',
  protected: (environment) => (environment.protected ? 'yes' : 'no'),
  'expires after': ({ ttl }) => ttl ?? 'never',
};

const serviceAspects: Readonly<Record<string, Aspect<ServiceEntry>>> = {
  image: ({ images }) => lines(images),
  replicas: ({ wanted }) => String(wanted),
  ports: ({ ports }) => lines(ports),
  addresses: ({ hosts, environment }) => lines(hosts.map((host) => anywhere(host, environment))),
  health: ({ state, message }) => (message ? `${state}, ${message}` : state),
};

/**
 * What differs between two environments: first of themselves, then service by service, by name. The hosts of a service
 * have the environment's name in them, which is no difference.
 */
export function differencesOf(one: Row, other: Row): Difference[] {
  const services = new Map<string, [ServiceEntry | undefined, ServiceEntry | undefined]>();
  for (const service of one.services) services.set(keyOf(service), [service, undefined]);
  for (const service of other.services)
    services.set(keyOf(service), [services.get(keyOf(service))?.[0], service]);
  return [
    ...inAspects(undefined, environmentAspects, [one.environment, other.environment]),
    ...[...services]
      .sort(([key], [otherKey]) => (key < otherKey ? -1 : 1))
      .flatMap(([, pair]) => serviceDifferences(pair)),
  ];
}

function serviceDifferences([one, other]: [
  ServiceEntry | undefined,
  ServiceEntry | undefined,
]): Difference[] {
  if (one && other)
    return inAspects(titleOf(one), serviceAspects, [one, other]).map((difference) =>
      difference.what === 'image' ? { ...difference, values: shortened(difference.values) } : difference,
    );
  const values = [one?.kind ?? 'not there', other?.kind ?? 'not there'] as const;
  return [{ service: titleOf((one ?? other)!), what: 'runs as', values }];
}

function inAspects<Thing>(
  service: string | undefined,
  aspects: Readonly<Record<string, Aspect<Thing>>>,
  [one, other]: readonly [Thing, Thing],
): Difference[] {
  return Object.entries(aspects).flatMap(([what, textOf]): Difference[] => {
    const values = [textOf(one), textOf(other)] as const;
    return values[0] === values[1] ? [] : [{ service, what, values }];
  });
}

/** Images by their names and the first digits of their digests, unless that would make the two the same. */
function shortened(images: readonly [string, string]): readonly [string, string] {
  const short = (text: string) => text.split('\n').map(shortImageText).join('\n');
  const [one, other] = [short(images[0]), short(images[1])];
  return one === other ? images : [one, other];
}

function shortImageText(image: string): string {
  const { name, digest } = shortImage(image);
  return digest ? `${name} ${digest}` : image;
}

/** By the workload: what is a Deployment here and a StatefulSet there is not the same thing. */
function keyOf({ service, kind, name }: ServiceEntry): string {
  return `${service}/${name}/${kind}`;
}

function titleOf({ service, name }: ServiceEntry): string {
  return name === service ? service : `${service} (${name})`;
}

/** `web-staging.localhost` → `web-*.localhost`. */
function anywhere(host: string, environment: string): string {
  return host.replace(`-${environment}.`, '-*.');
}

function lines(values: readonly string[]): string {
  return values.length === 0 ? 'none' : [...values].sort().join('\n');
}
