import { Access } from './access';

const token = '0123456789abcdef';
let time = 1_000_000;

function access(options: { domain?: string | undefined; openOnLocalhost?: boolean; token?: string } = {}) {
  const { openOnLocalhost = true } = options;
  return new Access({
    token: options.token ?? token,
    now: () => time,
    domain: () => ('domain' in options ? options.domain : 'example.com'),
    openOnLocalhost,
  });
}

it('lets in who has the token', () => {
  expect(access().allows({ authorization: `Bearer ${token}` })).toBe(true);
  for (const authorization of [
    undefined,
    '',
    'Bearer',
    `Bearer ${token}0`,
    `Bearer ${token.slice(1)}`,
    token,
  ])
    expect(access().allows({ authorization })).toBe(false);
});

describe('a session', () => {
  const cookie = (secure = false) => access().sessionCookie(secure);
  const value = () => cookie().split(';')[0]!;

  it('lets in for twelve hours, among other cookies too', () => {
    const session = value();
    expect(access().allows({ cookie: `a=b; ${session}; c=d` })).toBe(true);
    time += 12 * 3_600_000 - 1;
    expect(access().allows({ cookie: session })).toBe(true);
    time += 1;
    expect(access().allows({ cookie: session })).toBe(false);
  });

  it('cannot be prolonged, made up, or be of another token', () => {
    const [, end = '', signature = ''] = /=(\d+)\.(.*)/.exec(value()) ?? [];
    for (const made of [
      `${Number(end) + 1}.${signature}`,
      `${end}.`,
      `.${signature}`,
      `${end}.${signature}0`,
      '',
    ])
      expect(access().allows({ cookie: `berth-monitoring=${made}` })).toBe(false);
    expect(access({ token: 'another-token-of-it' }).allows({ cookie: value() })).toBe(false);
  });

  it('is kept from scripts and other sites, and from http where the browser speaks TLS', () => {
    expect(cookie()).toMatch(/; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect(cookie(true)).toMatch(/; Secure$/);
  });

  it('has nothing of the token in it', () => {
    expect(value()).not.toContain(token);
  });
});

describe('on localhost', () => {
  const local = { host: 'monitoring-admin.localhost:8080' };

  it('asks nobody in an environment of that domain', () => {
    expect(access({ domain: 'localhost' }).allows(local)).toBe(true);
    expect(access({ domain: 'dev.localhost' }).allows({ host: 'localhost' })).toBe(true);
  });

  it.each([
    ['the environment has another domain: a pod can ask for any host', { domain: 'example.com' }, local.host],
    ['the domain only looks like it', { domain: 'localhost.example.com' }, local.host],
    ['the domain is not known yet', { domain: undefined }, local.host],
    ['it is told to', { domain: 'localhost', openOnLocalhost: false }, local.host],
    ['another host is asked for', { domain: 'localhost' }, 'monitoring.admin'],
    ['the host only looks like it', { domain: 'localhost' }, 'monitoring-admin.localhost.example.com'],
    ['there is no host', { domain: 'localhost' }, undefined],
  ])('asks when %s', (_, options, host) => {
    expect(access(options).allows({ host, 'x-forwarded-for': '127.0.0.1' })).toBe(false);
  });
});
