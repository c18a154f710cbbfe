import { readNxJson, updateNxJson, type NxJsonConfiguration, type Tree } from '@nx/devkit';
import { pluginName, type WrittenOptions } from '../options';

/** Changes the plugin's options in nx.json, which lists the plugin. The same options again change nothing. */
export function changeOptions(tree: Tree, change: (written: WrittenOptions) => WrittenOptions): void {
  const nxJson = readNxJson(tree) as NxJsonConfiguration;
  const plugins = (nxJson.plugins ?? []).map((plugin) => {
    const { plugin: name, ...rest } = typeof plugin === 'string' ? { plugin } : plugin;
    if (name !== pluginName) return plugin;
    return { plugin: name, ...rest, options: change((rest.options ?? {}) as WrittenOptions) };
  });
  if (JSON.stringify(plugins) !== JSON.stringify(nxJson.plugins)) updateNxJson(tree, { ...nxJson, plugins });
}
