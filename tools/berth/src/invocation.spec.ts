import { isNamed } from './invocation';

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
