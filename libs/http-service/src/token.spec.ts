import { hasToken, tokenOf } from './token';

const token = '0123456789abcdef';

it('is read from a variable, unless it can be guessed', () => {
  expect(tokenOf({ TOKEN: token }, 'TOKEN')).toBe(token);
  expect(() => tokenOf({}, 'TOKEN')).toThrow('TOKEN must have at least 16 characters, not 0');
  expect(() => tokenOf({ TOKEN: 'hunter2' }, 'TOKEN')).toThrow(/not 7$/);
});

it.each([
  [`Bearer ${token}`, true],
  [`bearer ${token}`, true],
  [`Bearer ${token}0`, false],
  [`Basic ${token}`, false],
  [token, false],
  ['Bearer ', false],
  [undefined, false],
])('opens by %j: %s', (authorization, opens) => {
  expect(hasToken(authorization === undefined ? {} : { authorization }, token)).toBe(opens);
});
