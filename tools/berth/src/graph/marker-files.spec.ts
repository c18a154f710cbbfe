import { kindOf, projectNameOf } from './marker-files';

describe('kindOf', () => {
  it.each([
    ['apps/pricing/service.json', 'service'],
    ['services/a/b/service.json', 'service'],
    ['docker/node/image.json', 'image'],
    ['deploy/environments/staging/env.json', 'environment'],
    ['deploy/clusters/local/cluster.json', 'cluster'],
    // Beside a service.json it says how the service's image is made.
    ['apps/pricing/image.json', undefined],
    ['deploy/environments/staging/proxy/env.json', undefined],
    ['apps/pricing/dist/service.json', undefined],
    ['tools/berth/src/generators/service/files/service.json', undefined],
  ])('takes %s for %s', (file, kind) => {
    expect(kindOf(file)).toBe(kind);
  });
});

it('a cluster has a prefix, since environments are often called as their cluster is', () => {
  expect(projectNameOf('cluster', 'deploy/clusters/prod')).toBe('cluster-prod');
  expect(projectNameOf('environment', 'deploy/environments/prod')).toBe('prod');
});
