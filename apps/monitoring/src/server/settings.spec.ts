import { readSettings } from './settings';

const token = '0123456789abcdef';

it('asks everywhere for the token when nothing else is said', () => {
  expect(readSettings({ MONITORING_TOKEN: token })).toEqual({
    port: 8080,
    metricsPort: 8081,
    latencies: '/data/latencies',
    logLevel: 'info',
    token,
    openOnLocalhost: false,
    logReader: undefined,
    cluster: undefined,
    namespace: undefined,
    swarm: undefined,
  });
});

it('asks for lines where it is told of a log reader', () => {
  const told = { LOG_READER_URL: 'http://log-reader', LOG_READER_TOKEN: 'fedcba9876543210' };
  expect(readSettings({ MONITORING_TOKEN: token, ...told }).logReader).toEqual({
    url: new URL('http://log-reader'),
    token: 'fedcba9876543210',
  });
});

it('knows where dockerd is read on a Swarm, where it needs no log reader', () => {
  const { swarm, logReader } = readSettings({
    MONITORING_TOKEN: token,
    SWARM_API_URL: 'http://monitoring-api:8080',
    SWARM_ENVIRONMENT: 'operations',
    LOG_READER_URL: 'http://log-reader',
  });
  expect(swarm).toEqual({ api: new URL('http://monitoring-api:8080'), environment: 'operations' });
  expect(logReader).toBeUndefined();
});

it.each([
  [{}, 'MONITORING_TOKEN must have at least 16 characters, not 0'],
  [{ MONITORING_TOKEN: 'short' }, 'MONITORING_TOKEN must have at least 16 characters, not 5'],
  [
    { MONITORING_TOKEN: token, OPEN_ON_LOCALHOST: 'yes' },
    'OPEN_ON_LOCALHOST must be true or false, not "yes"',
  ],
  [{ MONITORING_TOKEN: token, KUBECONFIG: '/a' }, 'KUBE_CONTEXT must name a context'],
  [{ MONITORING_TOKEN: token, LOG_READER_URL: 'log-reader' }, 'LOG_READER_URL must be an address'],
  [
    { MONITORING_TOKEN: token, LOG_READER_URL: 'http://log-reader' },
    'LOG_READER_TOKEN must have at least 16',
  ],
  [{ MONITORING_TOKEN: token, SWARM_API_URL: 'monitoring-api' }, 'SWARM_API_URL must be an address'],
  [{ MONITORING_TOKEN: token, PORT: 'x' }, 'PORT'],
  [{ MONITORING_TOKEN: token, METRICS_PORT: 'x' }, 'METRICS_PORT must be a whole number'],
])('says what is wrong with %j', (env, message) => {
  expect(() => readSettings(env)).toThrow(message);
});
