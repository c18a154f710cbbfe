import type { ImageFile } from './image-file';
import { load as loadParser } from './parsed-dockerfile.later';
import { plainOutsideImages } from './plain-dockerfile';

/** A Dockerfile, and what its ARGs get beside their defaults. */
export interface DockerfileInput {
  text: string;
  /** Relative to the workspace, for errors. */
  file: string;
  image: Pick<ImageFile, 'args' | 'bases'>;
  /** `os/arch[/variant]`, one or more. */
  platforms: readonly string[];
}

/** A place of a Dockerfile that names an image which no project of the workspace makes. */
export interface OutsideImage {
  /** As it is written, with the ARGs in it filled in. */
  reference: string;
  /** Counted from 1. */
  line: number;
  /** Where the name stands in the text: offsets of its first character and of the one after it. */
  from: number;
  to: number;
}

/** Digest by reference. */
export type Digests = Readonly<Record<string, string>>;

/**
 * The images from outside the workspace that a Dockerfile names in FROM, COPY --from and RUN --mount, except those
 * that stand there by digest already.
 * @throws UserError when it cannot be said which image is meant
 */
export async function outsideImages(input: DockerfileInput): Promise<OutsideImage[]> {
  const plain = plainOutsideImages(input);
  if (plain) return plain;
  // The parser takes longer to load than a plain Dockerfile to read, and most are plain.
  const { parsedOutsideImages } = await loadParser();
  return parsedOutsideImages(input);
}

/** The text with the digests of its images from outside, so that nobody's registry decides what is built. */
export async function withDigests(input: DockerfileInput, digests: Digests): Promise<string> {
  return (await outsideImages(input))
    .sort((a, b) => b.from - a.from)
    .reduce((text, { reference, from, to }) => {
      const digest = digests[reference];
      if (digest === undefined) throw new Error(`${reference} was planned without its digest`);
      return `${text.slice(0, from)}${named(reference)}@${digest}${text.slice(to)}`;
    }, input.text);
}

/** The reference without its tag: podman and buildah refuse a tag beside a digest. */
function named(reference: string): string {
  const colon = reference.lastIndexOf(':');
  return colon > reference.lastIndexOf('/') ? reference.slice(0, colon) : reference;
}
