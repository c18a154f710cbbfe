import type { NxJsonConfiguration } from '@nx/devkit';
import { UserError } from '@berth/model';

/** The plugin's options in nx.json: defaults of the whole workspace. */
export interface BerthOptions {
  /** Where images go: registry and path before the project's name, for example `localhost:5000/berth`. */
  registry: string;
  /** What builds and pushes images. */
  engine: string;
  /** The domain of new environments. */
  domain: string;
  /** `os/arch`, one or more; the engine's own platform when empty. */
  platforms: string[];
}

const defaults: BerthOptions = {
  registry: 'localhost:5000/berth',
  engine: 'docker',
  domain: 'localhost',
  platforms: [],
};

export const pluginName = '@berth/nx';

/** Fills in what nx.json leaves out. */
export function withDefaults(options: Partial<BerthOptions> | undefined): BerthOptions {
  return { ...defaults, ...options };
}

/** @throws UserError when nx.json does not list the plugin. */
export function readOptions(nxJson: NxJsonConfiguration | null): BerthOptions {
  for (const plugin of nxJson?.plugins ?? []) {
    if (plugin === pluginName) return withDefaults(undefined);
    if (typeof plugin !== 'string' && plugin.plugin === pluginName) {
      return withDefaults(plugin.options as Partial<BerthOptions> | undefined);
    }
  }
  throw new UserError(
    `nx.json does not list the plugin ${pluginName}`,
    `Add { "plugin": "${pluginName}" } to "plugins".`,
  );
}
