import { UserError } from '@berth/model';

/** A parsed image reference, for example `localhost:5000/berth/pricing:4f1c…` or `…@sha256:…`. */
export interface ImageReference {
  /** Host and port, for example `localhost:5000`. */
  registry: string;
  /** For example `berth/pricing`. */
  repository: string;
  tag?: string;
  /** `sha256:` and 64 hexadecimal digits. */
  digest?: string;
}

// The grammar of github.com/distribution/reference.
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const REGISTRY = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * Takes a reference apart. What stands before the first `/` is a registry when it has a dot or a colon or is
 * `localhost`; otherwise the image is Docker Hub's, as in every Docker client.
 * @throws UserError when it is no reference
 */
export function parseReference(text: string): ImageReference {
  const [name = '', digest, ...more] = text.split('@');
  const colon = name.lastIndexOf(':');
  const tagged = colon > name.lastIndexOf('/');
  const path = tagged ? name.slice(0, colon) : name;
  const tag = tagged ? name.slice(colon + 1) : undefined;
  const slash = path.indexOf('/');
  const first = path.slice(0, Math.max(slash, 0));
  const named = slash > 0 && (/[.:]/.test(first) || first === 'localhost');
  const registry = named ? first : 'docker.io';
  const rest = named ? path.slice(slash + 1) : path;
  const repository = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  if (
    more.length > 0 ||
    !REGISTRY.test(registry) ||
    !REPOSITORY.test(repository) ||
    (tag !== undefined && !TAG.test(tag)) ||
    (digest !== undefined && !DIGEST.test(digest))
  ) {
    throw new UserError(
      `"${text}" is no image reference`,
      'Expected [registry/]repository[:tag][@sha256:…], in lower case, for example localhost:5000/berth/pricing:1.',
    );
  }
  return { registry, repository, ...(tag && { tag }), ...(digest && { digest }) };
}

/** The same image by its digest, without the tag: what is deployed. */
export function withDigest(reference: string, digest: string): string {
  const name = reference.split('@')[0] ?? '';
  const colon = name.lastIndexOf(':');
  return `${colon > name.lastIndexOf('/') ? name.slice(0, colon) : name}@${digest}`;
}

/** Host and port at which the registry's API answers. */
export function registryHost(registry: string): string {
  return registry === 'docker.io' ? 'registry-1.docker.io' : registry;
}

/** Whether a registry or its token server, by host and port, may be spoken to by plain http. */
export type MayBePlain = (host: string) => boolean;

/**
 * Plain http for this machine, and for what a person allowed: on any other way someone could read our login, or put
 * another image in the place of ours.
 * @param allowed host and port of each, as they stand in image references
 */
export function plainHttpFor(allowed: readonly string[]): MayBePlain {
  return (host) => isOnThisMachine(host) || allowed.includes(host);
}

/** Whether a registry, by host and port, is at a loopback address. */
export function isOnThisMachine(registry: string): boolean {
  const host = registry.replace(/:[0-9]+$/, '');
  return host === 'localhost' || host === '[::1]' || /^127(\.[0-9]{1,3}){3}$/.test(host);
}
