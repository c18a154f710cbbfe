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
  close(): Promise<void>;
}
