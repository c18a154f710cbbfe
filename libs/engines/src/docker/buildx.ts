import { join } from 'node:path';
import { goProgram, type GoBuildOptions } from '@berth/exec';

/** Pinned in go.mod and go.sum. */
export const BUILDX_VERSION = 'v0.38.2';

/**
 * Docker's plugin buildx, built once from its Go module: Debian 12 has none. Docker finds it by the folder that it is
 * in: `cliPluginsExtraDirs` in a `config.json`.
 * @returns its path
 */
export function buildx(options?: GoBuildOptions): Promise<string> {
  const program = {
    name: 'docker-buildx',
    version: BUILDX_VERSION,
    module: join(__dirname, 'modules/buildx'),
    source: 'github.com/docker/buildx/cmd/buildx',
    ldflags: [`-X github.com/docker/buildx/version.Version=${BUILDX_VERSION}`],
  };
  return goProgram(program, options);
}
