import type { ProjectConfiguration } from '@nx/devkit';
import { findMatchingProjects } from '../nx-internals';

/**
 * Names of the services that the selectors choose, sorted. Selectors are Nx's own (`tag:scope:demo`, `web`,
 * `apps/*`, `!pricing`), matched by Nx's own code; projects that are no services are left out.
 */
export function servicesOf(
  selectors: readonly string[],
  projects: Readonly<Record<string, ProjectConfiguration>>,
  isService: (project: string) => boolean,
): string[] {
  if (selectors.length === 0) return [];
  const nodes = Object.fromEntries(Object.entries(projects).map(([name, data]) => [name, { name, data }]));
  return findMatchingProjects([...selectors], nodes)
    .filter(isService)
    .sort();
}
