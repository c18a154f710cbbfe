import { UserError } from '@berth/model';
import { withImageAdvice } from './image-advice';

class Target {
  constructor(private readonly error: Error) {}
  async watch(): Promise<void> {
    throw this.error;
  }
  other(): string {
    return this.error.message;
  }
}

const pull = new UserError(
  'staging: web cannot run: ErrImagePull: image "postgres:17": not found',
  'kubectl describe',
);
const watched = async (error: Error, advise: (image: string) => Promise<string | undefined>) => {
  const target = withImageAdvice(new Target(error) as never, advise) as unknown as Target;
  expect(target.other()).toBe(error.message);
  return target.watch().then(
    () => undefined,
    (thrown: UserError) => thrown,
  );
};

it('puts what to do about an image before the next command', async () => {
  const advise = async (image: string) => `kind load docker-image ${image}`;
  const error = await watched(pull, advise);
  expect(error).toBeInstanceOf(UserError);
  expect([error?.message, error?.hint]).toEqual([
    pull.message,
    'kind load docker-image postgres:17\nkubectl describe',
  ]);
});

it.each<[string, Error, () => Promise<string | undefined>]>([
  ['of another failure', new UserError('web cannot run: crashed 3 times'), async () => 'advice'],
  ['that is a bug', new TypeError('ErrImagePull: image "postgres:17"'), async () => 'advice'],
  ['about which nothing is known', pull, async () => undefined],
  ['when the cluster is away', pull, () => Promise.reject(new UserError('does not answer'))],
])('leaves an error as it is %s', async (_what, error, advise) => {
  expect(await watched(error, advise)).toBe(error);
});
