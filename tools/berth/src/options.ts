import type { NxJsonConfiguration } from '@nx/devkit';
import { checkPluginOptions, UserError } from '@berth/model';

/** The plugin's options in nx.json: defaults of the whole workspace. */
export interface BerthOptions {
  /** Where images go: registry and path before the project's name, for example `localhost:5000/berth`. */
  registry: string;
  /** Host and port of registries that may be asked by plain http, beside those on this machine. */
  insecureRegistries: string[];
  /** What builds and pushes images. */
  engine: string;
  /** The domain of new environments. */
  domain: string;
  /** `os/arch`, one or more; the engine's own platform when empty. */
  platforms: string[];
}

const defaults: BerthOptions = {
  registry: 'localhost:5000/berth',
  insecureRegistries: [],
  engine: 'docker',
  domain: 'localhost',
  platforms: [],
};

export const pluginName = '@berth/nx';

/**
 * The plugin's options, with what nx.json leaves out filled in.
 * @throws UserError when nx.json does not list the plugin, or has options for it that are wrong
 */
export function readOptions(nxJson: NxJsonConfiguration | null): BerthOptions {
  const plugins = nxJson?.plugins ?? [];
  const index = plugins.findIndex(
    (plugin) => (typeof plugin === 'string' ? plugin : plugin.plugin) === pluginName,
  );
  const plugin = plugins[index];
  if (plugin === undefined) {
    throw new UserError(
      `nx.json does not list the plugin ${pluginName}`,
      `Add { "plugin": "${pluginName}" } to "plugins".`,
    );
  }
  const options: unknown = typeof plugin === 'string' ? {} : (plugin.options ?? {});
  checkPluginOptions(options, ['plugins', index, 'options']);
  return { ...defaults, ...(options as Partial<BerthOptions>) };
}
