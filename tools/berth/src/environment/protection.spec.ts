import { mayChange } from './protection';

const prod = { name: 'prod', protected: true };

describe('a protected environment', () => {
  it('is changed when it is named', () => {
    expect(mayChange(prod, 'prod', 'deploy', ['node', 'nx', 'deploy', 'prod'])).toBe(true);
  });

  it('is left alone by `nx affected`', () => {
    expect(mayChange(prod, 'prod', 'deploy', ['node', 'nx', 'affected', '-t', 'deploy'])).toBe(false);
  });

  it('is refused when nobody knows what was typed', () => {
    expect(() => mayChange(prod, 'prod', 'deploy', undefined)).toThrow('prod is protected');
  });
});

it('any other environment is changed by `nx affected` too', () => {
  const staging = { name: 'staging', protected: false };
  expect(mayChange(staging, 'staging', 'deploy', ['node', 'nx', 'affected', '-t', 'deploy'])).toBe(true);
});
