import {
  endsWithFirstFailure,
  isDrawnByImages,
  isNamed,
  isOfImages,
  isOfOne,
  wouldShowSecrets,
} from './invocation';

const words = (line: string) => ['/usr/bin/node', '/w/node_modules/.bin/nx', ...line.split(' ')];

describe('isNamed', () => {
  it.each([
    'deploy prod',
    'deploy prod --json out.json',
    'deploy --project=prod',
    'run prod:deploy',
    'prod:deploy',
    'run-many -t deploy -p prod',
    'run-many -t deploy --projects=staging,prod',
    '--verbose deploy prod',
  ])('takes `nx %s` for naming prod', (line) => {
    expect(isNamed('prod', 'deploy', words(line))).toBe(true);
  });

  it.each([
    'affected -t deploy',
    'affected -t deploy --exclude prod',
    'run-many -t deploy',
    'run-many -t deploy -p *',
    'run-many -t deploy -p tag:type:environment',
    'deploy staging',
    'run staging:deploy',
    'diff prod',
  ])('does not take `nx %s` for naming prod', (line) => {
    expect(isNamed('prod', 'deploy', words(line))).toBe(false);
  });
});

describe('endsWithFirstFailure', () => {
  it.each([
    ['run-many -t docker-push --nxBail', {}, true],
    ['affected -t docker-push --nx-bail=true', {}, true],
    ['run-many -t docker-push --nxBail=false', { NX_BAIL: 'true' }, false],
    ['run-many -t docker-push --no-nxBail', { NX_BAIL: 'true' }, false],
    ['run-many -t docker-push', { NX_BAIL: 'true' }, true],
    ['run-many -t docker-push -p nxBail', {}, false],
  ])('`nx %s` with %j: %s', (line, env, expected) => {
    expect(endsWithFirstFailure(words(line), env)).toBe(expected);
  });
});

describe('isOfImages', () => {
  it.each([
    ['affected -t docker-push', true],
    ['run-many -t docker-build docker-push --outputStyle=static', true],
    ['docker-push web', true],
    ['run web:docker-push', true],
    ['web:docker-push --json out.json', true],
    ['run-many -t docker-push lint', false],
    ['build web', false],
    ['run web:build', false],
    ['show projects', false],
  ])('`nx %s`: %s', (line, expected) => {
    expect(isOfImages(words(line))).toBe(expected);
  });
});

describe('who draws at the terminal', () => {
  it.each([
    ['run-many -t docker-push', true],
    ['affected -t docker-build docker-push --base=HEAD', true],
    ['run-many --targets=docker-build,docker-test -p web', true],
    ['run-many -t docker-push lint', false],
    ['run-many -t lint', false],
    ['run-many -t docker-push --outputStyle=static', false],
    ['affected -t docker-push --tui', false],
    ['docker-push web', false],
  ])('`nx %s`: images instead of Nx: %s', (line, expected) => {
    expect(isDrawnByImages(words(line))).toBe(expected);
  });

  it.each([
    ['docker-push web', true],
    ['run web:docker-push', true],
    ['run-many -t docker-push', false],
    ['affected -t deploy', false],
  ])('`nx %s` is of one project: %s', (line, expected) => {
    expect(isOfOne(words(line))).toBe(expected);
  });
});

describe('wouldShowSecrets', () => {
  it.each([
    'secret staging --no-batch --name=A',
    'run staging:secret --batch=false',
    'run-many -t secret --no-batch',
  ])('is so for `nx %s`', (line) => {
    expect(wouldShowSecrets(words(line), {})).toBe(true);
  });

  it('is so where batches are switched off for good', () => {
    expect(wouldShowSecrets(words('staging:secret --name=A'), { NX_BATCH_MODE: 'false' })).toBe(true);
    expect(wouldShowSecrets(words('staging:secret --name=A'), { NX_BATCH_MODE: 'true' })).toBe(false);
  });

  it.each([
    'secret staging --name=A',
    'run staging:secret',
    'deploy staging --no-batch',
    'deploy secret --no-batch',
  ])('is not for `nx %s`', (line) => {
    expect(wouldShowSecrets(words(line), {})).toBe(false);
  });
});
