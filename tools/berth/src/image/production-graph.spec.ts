import { DependencyType, type ProjectFileMap, type ProjectGraph } from '@nx/devkit';
import { productionGraph } from './production-graph';

describe('productionGraph', () => {
  const edges = (source: string, ...targets: string[]) =>
    targets.map((target) => ({ source, target, type: target === 'other' ? 'implicit' : 'static' }));
  const graph: ProjectGraph = {
    nodes: { web: { name: 'web', type: 'app', data: { root: 'apps/web' } } },
    externalNodes: {},
    dependencies: {
      web: edges('web', 'model', 'testing', 'npm:both', 'npm:jest', 'other', 'added'),
      'npm:both': edges('npm:both', 'npm:jest'),
    },
  };
  const files: ProjectFileMap = {
    web: [
      { file: 'apps/web/src/main.ts', hash: '', deps: ['model', ['npm:both', DependencyType.dynamic]] },
      {
        file: 'apps/web/src/main.spec.ts',
        hash: '',
        deps: ['model', 'testing', ['web', 'npm:both', DependencyType.static], 'npm:jest'],
      },
      { file: 'apps/web/README.md', hash: '' },
      { file: 'apps/web/project.json', hash: '', deps: ['other'] },
    ],
  };
  const targets = (of: ProjectGraph, source: string) => of.dependencies[source]?.map(({ target }) => target);

  it('leaves out what only tests import, and keeps what no file says', () => {
    expect(targets(productionGraph(graph, files), 'web')).toEqual(['model', 'npm:both', 'other', 'added']);
  });

  it('keeps what npm packages need, and everything of projects whose files are not known', () => {
    expect(productionGraph(graph, files).dependencies['npm:both']).toEqual(graph.dependencies['npm:both']);
    expect(productionGraph(graph, {})).toEqual(graph);
  });
});
