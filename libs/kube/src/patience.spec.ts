import { ApiError, UnreachableError } from './errors';
import { applyType, Patience } from './patience';
import type { Request } from './transport';

const answer = (status: number, message = '') => new ApiError(message, status, '', []);
const broken = (code: string) => new UnreachableError(code, '', { cause: { code } });
const get: Request = { method: 'GET', path: '/' };
const create: Request = { method: 'POST', path: '/' };
const denied = answer(403, 'User "ci" cannot list resource "pods"');

describe('the patience with an API server', () => {
  let patience: Patience;
  beforeEach(() => {
    jest.useFakeTimers();
    patience = new Patience();
  });
  afterEach(() => jest.useRealTimers());

  /** For how many seconds a request that always fails by this error is tried. */
  const secondsOf = (error: Error, request = get): number => {
    const begun = performance.now();
    for (let attempt = 1; ; attempt++) {
      const again = patience.after(error, request, attempt, begun);
      if (!again) return (performance.now() - begun) / 1000;
      jest.advanceTimersByTime(again.waitMs);
    }
  };

  const restarts = [
    broken('ECONNREFUSED'),
    broken('ECONNRESET'),
    broken('EHOSTUNREACH'),
    answer(429),
    answer(502),
    answer(503),
    answer(500, 'etcdserver: leader changed'),
  ];

  it('is four tries with one that has never answered, and half a minute with one that has', () => {
    for (const error of restarts) expect(secondsOf(error)).toBeLessThan(3);
    patience.answered();
    for (const error of restarts) {
      const seconds = secondsOf(error);
      expect(seconds).toBeGreaterThan(26);
      expect(seconds).toBeLessThanOrEqual(30);
    }
  });

  it('is short with a server that is well, and only cannot ask its webhook', () => {
    patience.answered();
    expect(secondsOf(answer(500, 'failed calling webhook'))).toBeLessThan(3);
    for (const error of [answer(404), answer(409), answer(422), denied, broken('ENOTFOUND')])
      expect(secondsOf(error)).toBe(0);
  });

  it('repeats what would not be done twice, and else only what was surely not done', () => {
    const again = (error: Error, request: Request) => patience.after(error, request, 1, 0) !== undefined;
    const apply: Request = { method: 'PATCH', path: '/', contentType: applyType };
    for (const error of restarts) {
      expect(again(error, apply)).toBe(true);
      expect(again(error, { ...create, repeatable: true })).toBe(true);
    }
    expect(restarts.map((error) => again(error, create))).toEqual([
      true,
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('bears with a refusal only while the server comes up', () => {
    patience.answered();
    for (const error of [denied, answer(401)]) {
      patience.failed(broken('ECONNREFUSED'));
      const seconds = secondsOf(error, create);
      expect(seconds).toBeGreaterThan(2);
      expect(seconds).toBeLessThan(14);
      expect(secondsOf(answer(403, 'exceeded quota: small'))).toBe(0);
    }
  });
});
