import type { LiveObject } from '@berth/kube';
import type { Cluster } from '@berth/model';
import { environmentLines, linesOf } from './environments-in';

const namespace = (name: string, annotations: Record<string, string> = {}): LiveObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, uid: name, resourceVersion: '1', creationTimestamp: '2026-11-01T00:00:00Z', annotations },
});

describe('the environments in a cluster that is to be destroyed', () => {
  it('are listed by name, and which of them are protected', () => {
    expect(linesOf([namespace('staging'), namespace('prod', { 'berth.dev/protected': 'true' })])).toEqual([
      'These environments are in it, and go with all their data:',
      '  prod (protected)',
      '  staging',
    ]);
    expect(linesOf([namespace('pr-7')])[0]).toBe('This environment is in it, and goes with all its data:');
  });

  it('are said to be none', () => {
    expect(linesOf([])).toEqual(['No environment is in it.']);
  });

  it('do not keep a cluster that cannot be asked', async () => {
    const cluster: Cluster = {
      ...{ name: 'gone', root: 'deploy/clusters/gone', provider: 'gke', hosts: [] },
      ...{ exposure: 'load-balancer' as const, nodePorts: {} },
      ...{ kubeconfig: 'deploy/clusters/gone/kubeconfig', context: 'berth-gone' },
    };
    const [line, ...others] = await environmentLines(cluster, '/nonexistent');
    expect(line).toMatch(
      /^Which environments are in it cannot be said: .*deploy\/clusters\/gone\/kubeconfig/,
    );
    expect(others).toEqual([]);
  });
});
