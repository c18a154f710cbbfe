import { orchestratorsOf } from './orchestrators-of';
import { parseCluster } from './parse';

const folder = { name: 'desk', root: 'deploy/clusters/desk' };
const docker = 'unix:///var/run/docker.sock';

it.each<[string, object, string[]]>([
  ['Berth makes is Kubernetes', { provider: 'bare-metal', hosts: ['localhost'] }, ['kubernetes']],
  [
    'Berth makes may have a Swarm too',
    { provider: 'bare-metal', hosts: ['localhost'], docker },
    ['kubernetes', 'swarm'],
  ],
  ['names nothing is taken for Kubernetes', { provider: 'existing' }, ['kubernetes']],
  ['names dockerd alone is a Swarm', { provider: 'existing', docker }, ['swarm']],
  [
    'names dockerd and a context has both',
    { provider: 'existing', docker, context: 'kind-desk' },
    ['kubernetes', 'swarm'],
  ],
  [
    'names dockerd and a kubeconfig has both',
    { provider: 'existing', docker, kubeconfig: '~/.kube/config' },
    ['kubernetes', 'swarm'],
  ],
])('a cluster that %s', (_what, document, orchestrators) => {
  expect(orchestratorsOf(parseCluster(JSON.stringify(document), folder))).toEqual(orchestrators);
});
