import { readSettings } from './settings';

const token = '0123456789abcdef';

it('are those of a pod when nothing else is said', () => {
  expect(readSettings({ LOG_READER_TOKEN: token })).toEqual({
    port: 8080,
    logLevel: 'info',
    token,
    cluster: undefined,
  });
});

it.each([
  [{}, 'LOG_READER_TOKEN must have at least 16 characters, not 0'],
  [{ LOG_READER_TOKEN: 'short' }, 'LOG_READER_TOKEN must have at least 16 characters, not 5'],
  [{ LOG_READER_TOKEN: token, KUBECONFIG: '/a' }, 'KUBE_CONTEXT'],
])('refuse %j', (env, message) => {
  expect(() => readSettings(env)).toThrow(message);
});
