import { parseReference, type CredentialSource } from '@berth/registry';

/** Under which docker knows Docker Hub. */
const dockerHub = 'https://index.docker.io/v1/';

/** Sends along what nodes pull private images with. Swarm hands it on to them. */
export class RegistryLogins {
  constructor(private readonly credentials: CredentialSource) {}

  /** The header for requests that make something pull this image; empty where there is no login. */
  async headerFor(image: string): Promise<Record<string, string>> {
    const { registry } = parseReference(image);
    const found = await this.credentials.find(registry);
    if (!found) return {};
    const serveraddress = registry === 'docker.io' ? dockerHub : registry;
    const login =
      'identityToken' in found
        ? { identitytoken: found.identityToken, serveraddress }
        : { username: found.user, password: found.password, serveraddress };
    return { 'X-Registry-Auth': encoded(login) };
  }
}

/** By the letters of base64url, and whole with its padding: without, dockerd takes it for no login at all. */
function encoded(login: object): string {
  return Buffer.from(JSON.stringify(login)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
