import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where every docker client looks for plugins (docker/cli, cli-plugins/manager). */
const PLUGIN_FOLDERS = ['/usr/local/lib', '/usr/local/libexec', '/usr/lib', '/usr/libexec'].map(
  (folder) => `${folder}/docker/cli-plugins`,
);

/**
 * Whether `docker build` is certain to build by the BuildKit in dockerd: the client has buildx, and buildx has been
 * given no builder of its own. Read from the files that both keep it in, because a question to buildx starts docker and
 * buildx, which both look for plugins first: a fifth of a second in front of every build.
 * @param environment of the docker client
 * @param shared folders of plugins that every client looks into
 * @returns false also where the files do not say it; then buildx has to be asked
 */
export async function buildsInDockerd(environment: Environment, shared = PLUGIN_FOLDERS): Promise<boolean> {
  const folder = environment['DOCKER_CONFIG'] || join(environment['HOME'] || homedir(), '.docker');
  try {
    return (
      (await hasBuildx(folder, shared)) &&
      !(await hasBuilders(environment['BUILDX_CONFIG'] || join(folder, 'buildx')))
    );
  } catch {
    return false;
  }
}

/** @param folder of the client's settings */
async function hasBuildx(folder: string, shared: readonly string[]): Promise<boolean> {
  const { cliPluginsExtraDirs = [] } = JSON.parse((await read(join(folder, 'config.json'))) ?? '{}') as {
    cliPluginsExtraDirs?: string[];
  };
  const folders = [...cliPluginsExtraDirs, join(folder, 'cli-plugins'), ...shared];
  const found = await Promise.allSettled(
    folders.map((each) => access(join(each, 'docker-buildx'), constants.X_OK)),
  );
  return found.some(({ status }) => status === 'fulfilled');
}

/**
 * Whether somebody has made buildx a builder, chosen or not: all others are the dockerds of docker's contexts.
 * @param folder of buildx' settings, which has a file for each (docker/buildx, store)
 */
async function hasBuilders(folder: string): Promise<boolean> {
  const builders = await unlessAbsent(readdir(join(folder, 'instances')));
  return builders !== undefined && builders.length > 0;
}

function read(path: string): Promise<string | undefined> {
  return unlessAbsent(readFile(path, 'utf8'));
}

async function unlessAbsent<Result>(reading: Promise<Result>): Promise<Result | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
