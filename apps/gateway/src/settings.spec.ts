import { readSettings } from './settings';

describe('the settings', () => {
  it('are those of a pod when nothing is said', () => {
    expect(readSettings({ KUBERNETES_SERVICE_HOST: '10.96.0.1' })).toEqual({
      adminSocket: '/run/gateway/admin.sock',
      snapshot: '/run/gateway/routes.json',
      certificates: '/run/gateway/certificates.json',
      tlsSecrets: [],
      tlsFolder: '/certificates',
      namespace: undefined,
      tlsDomains: ['localhost'],
      statusPort: 8083,
      logLevel: 'info',
      cluster: undefined,
      apiServer: '10.96.0.1',
      swarmApi: undefined,
    });
  });

  it.each([
    [{ STATUS_PORT: 'x' }, 'STATUS_PORT'],
    [{ STATUS_PORT: '65536' }, 'STATUS_PORT'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [{ KUBECONFIG: '/a' }, 'KUBE_CONTEXT'],
    [{ TLS_SECRETS: 'a,B' }, 'TLS_SECRETS'],
    [{ TLS_SECRETS: 'a,' }, 'TLS_SECRETS'],
    [{ TLS_DOMAINS: '*.example.com' }, 'TLS_DOMAINS'],
    [{ TLS_DOMAINS: '' }, 'TLS_DOMAINS'],
    [{ SWARM_API_URL: 'gateway-api:8080' }, 'SWARM_API_URL'],
  ])('name the variable that is wrong in %j', (env, name) => {
    expect(() => readSettings(env)).toThrow(name);
  });

  it('name Secrets and domains with commas between', () => {
    const { tlsSecrets, tlsDomains } = readSettings({
      TLS_SECRETS: 'gateway-tls, desk-tls,gateway-tls',
      TLS_DOMAINS: 'dev.example.com,localhost',
    });
    expect([tlsSecrets, tlsDomains]).toEqual([
      ['gateway-tls', 'desk-tls'],
      ['dev.example.com', 'localhost'],
    ]);
  });

  it('take a context of a kubeconfig outside a cluster', () => {
    expect(readSettings({ KUBECONFIG: '/a', KUBE_CONTEXT: 'b' }).cluster).toEqual({
      kubeconfig: '/a',
      context: 'b',
    });
  });
});
