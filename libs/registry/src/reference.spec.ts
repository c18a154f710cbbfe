import { parseReference, plainHttpFor, registryHost, withDigest } from './reference';

const digest = `sha256:${'a'.repeat(64)}`;

describe('parseReference', () => {
  it.each([
    ['localhost:5000/berth/pricing:1', { registry: 'localhost:5000', repository: 'berth/pricing', tag: '1' }],
    [`ghcr.io/a/b@${digest}`, { registry: 'ghcr.io', repository: 'a/b', digest }],
    [`ghcr.io/a/b:1@${digest}`, { registry: 'ghcr.io', repository: 'a/b', tag: '1', digest }],
    ['nginx', { registry: 'docker.io', repository: 'library/nginx' }],
    ['grafana/grafana:11', { registry: 'docker.io', repository: 'grafana/grafana', tag: '11' }],
    ['localhost:5000/web', { registry: 'localhost:5000', repository: 'web' }],
    ['[::1]:5000/web', { registry: '[::1]:5000', repository: 'web' }],
  ])('takes %s apart', (text, expected) => {
    expect(parseReference(text)).toEqual(expected);
  });

  it.each([
    '',
    'UPPER/case',
    'a:',
    'a@sha256:12',
    'a b',
    `a@${digest}@${digest}`,
    'a/../b',
    'x.y/-a',
    'http://a/b',
  ])('refuses %p', (text) => {
    expect(() => parseReference(text)).toThrow('is no image reference');
  });
});

describe('withDigest', () => {
  it('puts the digest in the place of the tag and leaves the port', () => {
    expect(withDigest('localhost:5000/berth/web:1', digest)).toBe(`localhost:5000/berth/web@${digest}`);
    expect(withDigest('localhost:5000/berth/web', digest)).toBe(`localhost:5000/berth/web@${digest}`);
  });
});

describe('plainHttpFor', () => {
  const mayBePlain = plainHttpFor(['10.0.0.1:5000', 'registry.example.com']);

  it.each(['localhost:5000', '127.0.0.1:5000', '127.8.0.1', '[::1]:5000'])('this machine: %s', (host) => {
    expect(mayBePlain(host)).toBe(true);
  });

  it.each(['10.0.0.1:5000', 'registry.example.com'])('what was allowed: %s', (host) => {
    expect(mayBePlain(host)).toBe(true);
  });

  it.each([
    'ghcr.io',
    '10.0.0.1',
    '10.0.0.1:5001',
    'registry.example.com:80',
    'localhost.example.com',
    '127.0.0.1.example.com',
    'mylocalhost:5000',
  ])('nothing else: %s', (host) => {
    expect(mayBePlain(host)).toBe(false);
  });
});

describe('registryHost', () => {
  it("knows where Docker Hub's API answers", () => {
    expect(registryHost('docker.io')).toBe('registry-1.docker.io');
    expect(registryHost('localhost:5000')).toBe('localhost:5000');
  });
});
