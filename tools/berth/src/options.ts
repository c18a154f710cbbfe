import type { NxJsonConfiguration } from '@nx/devkit';
import { checkPluginOptions, UserError } from '@berth/model';

export type CiSystem = 'circleci' | 'github' | 'gitlab';

/** The pipelines that `nx g ci` writes and `nx sync` keeps current. */
export interface CiOptions {
  systems: CiSystem[];
  /** What the main branch is deployed to; environments of pull requests are made like it. */
  environment: string;
  /** How long the environment of a pull request stays after its last deploy, for example `3d`. */
  ttl: string;
  /** The version of Node, for example `20`. */
  node: string;
  /** The label of runners of your own. */
  runner?: string;
  /** What checks the workspace, in place of the targets lint and test. */
  testCommand?: string;
  /** Makes what a pull request's environment needs, such as its secrets; its name is in `$PREVIEW`. */
  previewCommand?: string;
}

/** The rules, the dashboard and the scrape configuration that `nx g prometheus` writes and `nx sync` keeps current. */
export interface PrometheusOptions {
  /** The environment of the gateway. */
  environment: string;
}

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
  /** Repository that keeps the layers of builds for other machines; no such cache when absent. */
  buildCache?: string;
  /** Absent as long as nothing is written for Prometheus. */
  prometheus?: PrometheusOptions;
  /** Absent as long as there is no pipeline. */
  ci?: CiOptions;
}

const defaults: BerthOptions = {
  registry: 'localhost:5000/berth',
  insecureRegistries: [],
  engine: 'docker',
  domain: 'localhost',
  platforms: [],
};

const prometheusDefaults: PrometheusOptions = { environment: 'admin' };

const ciDefaults: CiOptions = { systems: [], environment: 'staging', ttl: '3d', node: '20' };

export const pluginName = '@berth/nx';

/** As nx.json may have them. */
export type WrittenOptions = Partial<Omit<BerthOptions, 'ci' | 'prometheus'>> & {
  ci?: Partial<CiOptions>;
  prometheus?: Partial<PrometheusOptions>;
};

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
  const { ci, prometheus, ...written } = options as WrittenOptions;
  return {
    ...defaults,
    ...written,
    ...(prometheus && { prometheus: { ...prometheusDefaults, ...prometheus } }),
    ...(ci && { ci: { ...ciDefaults, ...ci } }),
  };
}

/** The options of a run for which a person has named an engine. */
export function withEngine(options: BerthOptions, engine: string | undefined): BerthOptions {
  return engine === undefined ? options : { ...options, engine };
}
