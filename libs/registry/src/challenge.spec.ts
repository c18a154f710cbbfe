import { challengeIn } from './challenge';

describe('challengeIn', () => {
  it('takes the parameters apart, commas and quotes inside of them included', () => {
    expect(challengeIn('Bearer realm="https://a/t",Service="reg, \\"istry\\" x=y",scope=pull')).toEqual({
      scheme: 'bearer',
      parameters: { realm: 'https://a/t', service: 'reg, "istry" x=y', scope: 'pull' },
    });
  });

  it.each([
    'Basic realm="b", Bearer realm="https://a/t",service="s"',
    'Bearer realm="https://a/t",service="s", Basic realm="b"',
    'Negotiate, Bearer realm="https://a/t",service="s"',
  ])('chooses the token of several challenges: %s', (header) => {
    expect(challengeIn(header)).toEqual({
      scheme: 'bearer',
      parameters: { realm: 'https://a/t', service: 's' },
    });
  });

  it.each(['', 'Negotiate', 'realm="x"', 'Digest realm="x"'])('has no answer to %p', (header) => {
    expect(challengeIn(header)).toBeUndefined();
  });
});
