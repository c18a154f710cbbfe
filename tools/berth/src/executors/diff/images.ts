import type { ProjectGraph } from '@nx/devkit';
import type { Change, DeployRecord } from '@berth/deploy';
import type { Runner } from '@berth/exec';
import { shortDigest } from '../short-digest';
import { commitsBetween, type Commits } from './commits';

/** A service's image that a deploy would replace. */
export interface ImageChange extends Commits {
  service: string;
  /** What runs. */
  before: string;
  /** What would run; absent when it would have to be built. */
  after?: string;
}

interface PodTemplate {
  template?: { spec?: { containers?: { name: string; image: string }[] } };
}

/**
 * The images that a deploy would replace, with the commits between.
 * @param resolved by service, the reference that this workspace comes to; undefined when it would be built
 * @param records newest first: they know which commit an image was deployed from
 */
export async function imageChanges(
  changes: readonly Change[],
  resolved: Readonly<Record<string, string | undefined>>,
  records: readonly DeployRecord[],
  graph: Pick<ProjectGraph, 'nodes' | 'dependencies'>,
  runner: Runner,
): Promise<ImageChange[]> {
  const replaced = Object.entries(resolved).flatMap(([service, after]) => {
    const before = runningImage(changes, service);
    return before === undefined || before === after ? [] : [{ service, before, after }];
  });
  return Promise.all(
    replaced.map(async ({ service, before, after }) => {
      // The last deploy of it: what was committed up to then did not change the image.
      const from = records.find(({ images, commit }) => images[service] === before && commit);
      const commits = await commitsBetween(runner, from?.commit, foldersOf(service, graph));
      return { service, before, ...(after === undefined ? {} : { after }), ...commits };
    }),
  );
}

function runningImage(changes: readonly Change[], service: string): string | undefined {
  const workload = changes.find(
    ({ object, live }) =>
      live && object.name === service && ['Deployment', 'StatefulSet'].includes(object.kind),
  );
  const { template } = (workload?.live?.spec ?? {}) as PodTemplate;
  return template?.spec?.containers?.find(({ name }) => name === service)?.image;
}

/** Folders of the project and of every project that it uses. That of the whole workspace would show every commit. */
function foldersOf(
  project: string,
  { nodes, dependencies }: Pick<ProjectGraph, 'nodes' | 'dependencies'>,
): string[] {
  const found = new Set([project]);
  for (const name of found)
    for (const { target } of dependencies[name] ?? []) if (nodes[target]) found.add(target);
  return [...found].flatMap((name) => nodes[name]?.data.root ?? []).filter((root) => root !== '.');
}

/** As lines of text. */
export function imageLines(images: readonly ImageChange[]): string[] {
  return images.flatMap(({ service, before, after, commits, note }) => [
    `~ image of ${service}: ${shortDigest(before)} → ${after === undefined ? 'to be built' : shortDigest(after)}`,
    ...commits.map(({ hash, subject, added }) => `    ${added ? '+' : '-'} ${hash} ${subject}`),
    ...(note ? [`      ${note}`] : []),
  ]);
}
