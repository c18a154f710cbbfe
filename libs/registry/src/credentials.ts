/** What a registry is asked with. */
export type Credentials = { user: string; password: string } | { identityToken: string };

/** Finds what registries are asked with. */
export interface CredentialSource {
  /**
   * @param registry as in an image reference, for example `ghcr.io`
   * @returns undefined: it is asked anonymously
   * @throws UserError when they cannot be read
   */
  find(registry: string): Promise<Credentials | undefined>;
  /** What a person does when the registry refuses what `find` gave. */
  advice(registry: string): string;
}

/** Every registry is asked anonymously. */
export const anonymous: CredentialSource = {
  find: async () => undefined,
  advice: (registry) => `docker login ${registry}`,
};
