import { isPullFailure } from './pull-failure';

// What tasks ended with, by Docker 20.10, 29.8, and 29.8 without its containerd image store, before registries that answered
// with the code in front, refused the connection, or had no configuration for an image's manifest.
const failures = [
  'No such image: localhost:7000/x/y:1',
  'failed to resolve reference "localhost:7000/x/y:1": pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
  'error from registry: failed to resolve reference "localhost:7001/x/y:1": unexpected status from HEAD request to http://localhost:7001/v2/x/y/manifests/1: 403 Forbidden',
  'failed to resolve reference "localhost:7002/x/y:1": localhost:7002/x/y:1: not found',
  'unknown: failed to resolve reference "localhost:7003/x/y:1": unexpected status from HEAD request to http://localhost:7003/v2/x/y/manifests/1: 429 Too Many Requests',
  'failed to resolve reference "localhost:7999/x/y:1": failed to do request: Head "https://localhost:7999/v2/x/y/manifests/1": dial tcp 127.0.0.1:7999: connect: connection refused',
  'error from registry: failed to copy: httpReadSeeker: failed open: unexpected status from GET request to http://localhost:7005/v2/x/y/blobs/sha256:aaaa: 500 Internal Server Error',
  'Head "http://localhost:7000/v2/x/y/manifests/1": no basic auth credentials',
  "pull access denied for localhost:7001/x/y, repository does not exist or may require 'docker login': denied: {}",
  'unknown: {}',
  'toomanyrequests: {}',
  'received unexpected HTTP status: 500 Internal Server Error',
  'error pulling image configuration: download failed after attempts=6: received unexpected HTTP status: 500 Internal Server Error',
  'Get "http://localhost:7999/v2/": dial tcp 127.0.0.1:7999: connect: connection refused',
];

it.each(failures)('knows that an image could not be pulled: %s', (error) => {
  expect(isPullFailure(error)).toBe(true);
});

it.each([
  'task: non-zero exit (3)',
  'invalid mount config for type "bind": bind source path does not exist: /srv/certificates',
  'starting container failed: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: namespace {"time" ""} does not exist',
  'starting container failed: error while creating mount source path: permission denied',
])('does not take for that what else ends a task: %s', (error) => {
  expect(isPullFailure(error)).toBe(false);
});
