import { readFileSync } from 'node:fs';
import { fileError, type Runner } from '@berth/exec';
import { isObject, JsonSyntaxError, readJson, UserError } from '@berth/model';
import { askHelper, type CredentialHelper } from './credential-helper';
import type { Credentials, CredentialSource } from './credentials';

interface Login {
  /** `<user>:<password>` in base64. */
  auth?: string;
  username?: string;
  password?: string;
  identitytoken?: string;
}

interface DockerConfig {
  auths?: Record<string, Login | undefined> | null;
  credHelpers?: Record<string, string | undefined> | null;
  credsStore?: string | null;
}

/** Under which docker keeps the login of Docker Hub. */
const DOCKER_HUB = 'https://index.docker.io/v1/';

/**
 * The logins of docker: from the credential helper that its file names for the registry (`credHelpers`), else from
 * the one for all registries (`credsStore`), else from the file itself (`auths`), as `docker login` wrote it. Which one
 * is read does not depend on what it has, as with docker: what we may read, docker may push.
 */
export class DockerCredentials implements CredentialSource {
  #config: DockerConfig | undefined;
  /** By registry: a helper is asked once, however many images are asked for. */
  readonly #found = new Map<string, Promise<Credentials | undefined>>();

  /** @param path usually ~/.docker/config.json; a missing file means no credentials */
  constructor(
    private readonly path: string,
    private readonly runner: Runner,
  ) {}

  find(registry: string): Promise<Credentials | undefined> {
    const known = this.#found.get(registry) ?? this.#look(registry);
    this.#found.set(registry, known);
    return known;
  }

  advice(registry: string): string {
    const helper = this.#helperOf(serverOf(registry));
    return helper
      ? `The login comes from ${helper.program}, which ${this.path} names. See which ones it has: ${helper.program} list`
      : `docker login ${registry}`;
  }

  async #look(registry: string): Promise<Credentials | undefined> {
    const server = serverOf(registry);
    const helper = this.#helperOf(server);
    return helper ? askHelper(helper, server, this.runner) : this.#written(server);
  }

  #helperOf(server: string): CredentialHelper | undefined {
    const { credHelpers, credsStore } = this.#read();
    // Empty: no helper for this registry, whatever holds for the others.
    const name = credHelpers?.[server] ?? credsStore;
    if (!name) return undefined;
    if (!/^[\w.-]+$/.test(name)) {
      throw new UserError(
        `${this.path} names the credential helper ${JSON.stringify(name)} for ${server}, which can be no program's name.`,
        'Expected what comes after docker-credential- in the name of the program, for example "ecr-login".',
      );
    }
    return { program: `docker-credential-${name}`, namedBy: this.path };
  }

  #written(server: string): Credentials | undefined {
    const auths = this.#read().auths ?? {};
    const host = hostOf(server);
    const found = auths[server] ?? Object.entries(auths).find(([name]) => hostOf(name) === host)?.[1];
    if (!found) return undefined;
    if (found.identitytoken) return { identityToken: found.identitytoken };
    if (found.username !== undefined && found.password !== undefined) {
      return { user: found.username, password: found.password };
    }
    if (!found.auth) return undefined;
    const [user = '', ...password] = Buffer.from(found.auth, 'base64').toString('utf8').split(':');
    return { user, password: password.join(':') };
  }

  #read(): DockerConfig {
    this.#config ??= readConfig(this.path);
    return this.#config;
  }
}

function serverOf(registry: string): string {
  return registry === 'docker.io' ? DOCKER_HUB : registry;
}

/** Old logins have a scheme and a path: `https://ghcr.io/v2/`. */
function hostOf(server: string): string {
  return server.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

function readConfig(path: string): DockerConfig {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    const fault = fileError(error, path);
    if (fault instanceof UserError) throw fault;
    throw new UserError(`${path} could not be read: ${(error as Error).message}`, undefined, {
      cause: error,
    });
  }
  try {
    return checked(readJson(text));
  } catch (error) {
    const what = error instanceof JsonSyntaxError ? 'JSON' : 'Docker configuration';
    throw new UserError(`${path} is no ${what}: ${(error as Error).message}`, 'Write it anew: docker login', {
      cause: error,
    });
  }
}

/** Only what is read of it; docker itself keeps much more there. */
function checked(config: unknown): DockerConfig {
  if (!isObject(config)) throw new TypeError('it must be an object');
  const { auths, credHelpers, credsStore } = config;
  if (auths != null && !(isObject(auths) && Object.values(auths).every(isObject))) {
    throw new TypeError('auths must be an object of objects');
  }
  if (credHelpers != null && !(isObject(credHelpers) && Object.values(credHelpers).every(isText))) {
    throw new TypeError('credHelpers must be an object of names');
  }
  if (credsStore != null && !isText(credsStore)) throw new TypeError('credsStore must be a name');
  return config as DockerConfig;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
