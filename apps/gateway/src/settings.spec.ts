import { readSettings } from './settings';

describe('the settings', () => {
  it('are those of a pod when nothing is said', () => {
    expect(readSettings({ KUBERNETES_SERVICE_HOST: '10.96.0.1' })).toEqual({
      adminSocket: '/run/gateway/admin.sock',
      snapshot: '/run/gateway/routes.json',
      statusPort: 8083,
      logLevel: 'info',
      cluster: undefined,
      apiServer: '10.96.0.1',
    });
  });

  it.each([
    [{ STATUS_PORT: 'x' }, 'STATUS_PORT'],
    [{ STATUS_PORT: '65536' }, 'STATUS_PORT'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [{ KUBECONFIG: '/a' }, 'KUBE_CONTEXT'],
  ])('name the variable that is wrong in %j', (env, name) => {
    expect(() => readSettings(env)).toThrow(name);
  });

  it('take a context of a kubeconfig outside a cluster', () => {
    expect(readSettings({ KUBECONFIG: '/a', KUBE_CONTEXT: 'b' }).cluster).toEqual({
      kubeconfig: '/a',
      context: 'b',
    });
  });
});
