/** Asks OCI registries; one pooled, bounded, retrying client for all of them. */
export interface Registry {
  /**
   * Digest of a manifest, `sha256:…`, or undefined when the registry does not have it.
   * @param reference with a tag or a digest; `latest` when it has neither
   * @throws UserError when the registry cannot be asked
   */
  digestOf(reference: string): Promise<string | undefined>;
  /** Whether the registry has it. @throws UserError when it cannot be asked */
  has(reference: string): Promise<boolean>;
  close(): void;
}

/** An extra ability: knows what images are made of. */
export interface ImageReader {
  /**
   * What an image is made of; of an index, each of its images.
   * @throws UserError when the registry does not have it or cannot be asked
   */
  contentOf(reference: string): Promise<ImageContent[]>;
  /** Whether the repository of `reference` has this blob. @throws UserError when the registry cannot be asked */
  hasBlob(reference: string, digest: string): Promise<boolean>;
}

/** An extra ability: knows what images start. */
export interface CommandReader {
  /**
   * What an image starts: its entrypoint, then its command; empty when it names neither. Undefined when the registry does
   * not have it. @throws UserError when the registry cannot be asked
   */
  commandOf(reference: string): Promise<string[] | undefined>;
}

/** What is pushed for one image, besides its manifest. */
export interface ImageContent {
  config: Blob;
  /** From the lowest to the highest. */
  layers: Blob[];
}

export interface Blob {
  /** `sha256:…` */
  digest: string;
  /** Bytes, as they are sent and kept: compressed. */
  size: number;
}

/** A manifest or an index, Docker's or OCI's, as far as it is read. */
export interface Manifest {
  manifests?: Blob[];
  config?: Blob;
  layers?: Blob[];
}
