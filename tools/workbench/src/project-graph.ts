import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the checks expect what `nx graph` has written. */
export const graphFile = '.berth/test/graph.json';

export interface ProjectGraph {
  nodes: Record<string, { data: { root: string; tags?: string[] } }>;
  dependencies: Record<string, { target: string; type: string }[]>;
}

export function readProjectGraph(root: string): ProjectGraph {
  return (JSON.parse(readFileSync(join(root, graphFile), 'utf8')) as { graph: ProjectGraph }).graph;
}
