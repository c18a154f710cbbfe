import { parseRequest } from './lines-request';

const source = { pod: 'web-5d8f-x2', container: 'web' };

it('takes a list of runs of containers', () => {
  expect(parseRequest({ environment: 'staging', sources: [source, { ...source, previous: true }] })).toEqual({
    environment: 'staging',
    sources: [
      { ...source, previous: false },
      { ...source, previous: true },
    ],
  });
});

it.each([
  [undefined, 'sources: must be a list of 1 to 12'],
  [{ environment: 'staging', sources: [] }, 'sources: must be a list of 1 to 12'],
  [{ environment: 'staging', sources: Array(13).fill(source) }, 'sources: must be a list of 1 to 12'],
  [{ environment: '../kube-system', sources: [source] }, 'environment: must be the name'],
  [{ environment: 'staging', sources: [null] }, 'sources[0].pod: must be the name'],
  [{ environment: 'staging', sources: [source, { pod: 'a/b', container: 'c' }] }, 'sources[1].pod: must be'],
  [{ environment: 'staging', sources: [{ pod: '..', container: 'c' }] }, 'sources[0].pod: must be'],
  [{ environment: 'staging', sources: [{ pod: 'a', container: 'c?x=' }] }, 'sources[0].container: must be'],
  [{ environment: 'staging', sources: [{ ...source, previous: 1 }] }, 'sources[0].previous: must be true'],
])('refuses %j', (body, message) => {
  expect(() => parseRequest(body)).toThrow(message);
});
