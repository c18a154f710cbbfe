import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { contextsOf, type ListedContext } from '@berth/kube';
import { nearestName, quoteArgv, UserError, type Cluster } from '@berth/model';
import { products } from './products';
import { recognise } from './recognise';
import type { Recognised } from './traits';

/** What a kubeconfig is found by. */
export interface Surroundings {
  KUBECONFIG: string | undefined;
  /** The person's home folder. */
  home: string;
}

export interface WantedContext {
  context?: string | undefined;
  /** As it was typed: absolute, with `~`, or relative to the workspace. */
  kubeconfig?: string | undefined;
  /** Absolute path. */
  workspace: string;
  /** What was typed up to `--context`, for the next try: for example `nx g cluster desk --provider existing`. */
  command: string;
}

/** The fields of cluster.json for a cluster that is there already. */
export type ExistingFields = Pick<Cluster, 'kubeconfig' | 'context'> &
  Partial<Pick<Cluster, 'exposure' | 'nodePorts' | 'front'>>;

/**
 * Finds a context, and how ports are usually opened on clusters of its kind. The cluster is not asked.
 * @throws UserError when no kubeconfig has the context, with the nearest ones
 */
export function existingFields(wanted: WantedContext, surroundings: Surroundings): ExistingFields {
  const found = findContext(wanted, surroundings);
  const recognised = recognise(found);
  return {
    kubeconfig: asWritten(found.kubeconfig, wanted.workspace, surroundings.home),
    context: found.context,
    ...(recognised && portsOf(recognised)),
  };
}

/** The context and its kubeconfig. @throws UserError as existingFields does */
function findContext(
  { command, context, kubeconfig, workspace }: WantedContext,
  { KUBECONFIG, home }: Surroundings,
): ListedContext & { kubeconfig: string } {
  const files =
    kubeconfig !== undefined
      ? [kubeconfig.startsWith('~/') ? join(home, kubeconfig.slice(2)) : resolve(workspace, kubeconfig)]
      : KUBECONFIG
        ? KUBECONFIG.split(':').filter(Boolean)
        : [join(home, '.kube/config')];
  // kubectl too passes over files of KUBECONFIG that are not there.
  const present = kubeconfig === undefined ? files.filter((file) => existsSync(file)) : files;
  if (present.length === 0) {
    throw new UserError(
      `There is no kubeconfig: ${files.join(', ')} does not exist.`,
      'Add --kubeconfig with the one that has the cluster.',
    );
  }
  const contexts = present.flatMap((file) => contextsOf(file).map((each) => ({ ...each, kubeconfig: file })));
  const found = contexts.find((each) => each.context === context);
  if (found) return found;
  const names = contexts.map((each) => each.context);
  const listed = `${present.join(', ')} has ${names.join(', ') || 'none'}`;
  const suggested = (context === undefined ? undefined : nearestName(context, names)) ?? names[0];
  throw new UserError(
    context === undefined ? `Which context? ${listed}.` : `There is no context "${context}": ${listed}.`,
    `${command} ${quoteArgv(['--context', suggested ?? '<context>', ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig])])}`,
  );
}

function portsOf({ product }: Recognised): Partial<ExistingFields> {
  const { exposure, nodePorts, front } = products[product].ports;
  return { exposure, ...(nodePorts && { nodePorts }), ...(front !== undefined && { front }) };
}

/** As another person's clone can have it too: below the workspace, or below the home of whoever runs the command. */
function asWritten(file: string, workspace: string, home: string): string {
  const below = (folder: string) => {
    const path = relative(folder, resolve(workspace, file));
    return path.startsWith('..') || isAbsolute(path) ? undefined : path;
  };
  const inWorkspace = below(workspace);
  if (inWorkspace !== undefined) return inWorkspace;
  const atHome = below(home);
  return atHome === undefined ? file : `~/${atHome}`;
}
