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

/** Asks OCI registries; one pooled, bounded, retrying client for all of them. */
export interface Registry {
  /** Digest of a manifest, or undefined when the registry does not have it. @throws UserError when it cannot be asked. */
  digest(reference: string): Promise<string | undefined>;
  close(): Promise<void>;
}
