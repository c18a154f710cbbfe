import { builtAt } from './images-at';

const at = { name: 'v1', commit: '0123456789abcdef', project: 'prod' };
const reference = (service: string) => `localhost:5000/berth/${service}:tag`;
const digest = `sha256:${'1'.repeat(64)}`;

describe('the images of another commit', () => {
  it('are those that the registry has, by digest', () => {
    const found = { web: { outcome: 'reused' as const, reference: reference('web'), digest } };
    expect(builtAt(found, ['web'], at)).toEqual({ web: `localhost:5000/berth/web@${digest}` });
  });

  it('are named when they were never built, or there was no such service', () => {
    const found = { web: { outcome: 'missing' as const, reference: reference('web') } };
    expect(() => builtAt(found, ['web', 'quotes'], at)).toThrow(
      expect.objectContaining({
        message:
          'The registry does not have all images of commit 0123456789; nothing is built for a deploy of another commit:\n  web: localhost:5000/berth/web:tag\n  quotes: there was no such service',
        hint: expect.stringMatching(
          /^Build them there: git checkout v1 && nx run-many -t docker-push -p web,quotes\n/,
        ),
      }),
    );
  });
});
