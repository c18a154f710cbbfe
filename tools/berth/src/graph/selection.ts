import type { ProjectConfiguration } from '@nx/devkit';
import { findMatchingProjects } from '../nx-internals';

/**
 * Names of the services that the selectors choose, sorted. Selectors are Nx's own (`tag:scope:demo`, `web`,
 * `apps/*`, `!pricing`), matched by Nx's own code; projects that are no services are left out.
 */
export function servicesOf(
  selectors: readonly string[],
  projects: Projects,
  isService: (project: string) => boolean,
): string[] {
  if (selectors.length === 0) return [];
  return matching(selectors, projects).filter(isService).sort();
}

type Projects = Readonly<Record<string, ProjectConfiguration>>;

/** Matching goes through all projects, and most environments select the same ones. */
const matched = new WeakMap<Projects, Map<string, readonly string[]>>();

function matching(selectors: readonly string[], projects: Projects): readonly string[] {
  const known = matched.get(projects) ?? new Map<string, readonly string[]>();
  matched.set(projects, known);
  const key = JSON.stringify(selectors);
  const found = known.get(key);
  if (found) return found;
  const nodes = Object.fromEntries(Object.entries(projects).map(([name, data]) => [name, { name, data }]));
  const names = findMatchingProjects([...selectors], nodes);
  known.set(key, names);
  return names;
}
