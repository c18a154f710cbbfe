import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeClient } from '@berth/kube';
import { UserError } from '@berth/model';
import { adviceOf, withImageAdvice } from './image-advice';

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
const watched = async (error: Error, advise: (message: string) => Promise<string | undefined>) => {
  const target = withImageAdvice(new Target(error) as never, advise) as unknown as Target;
  expect(target.other()).toBe(error.message);
  return target.watch().then(
    () => undefined,
    (thrown: UserError) => thrown,
  );
};

it('puts what to do about an image before the next command', async () => {
  const error = await watched(pull, async () => 'advice');
  expect(error).toBeInstanceOf(UserError);
  expect([error?.message, error?.hint]).toEqual([pull.message, 'advice\nkubectl describe']);
});

it.each<[string, Error, () => Promise<string | undefined>]>([
  ['that is a bug', new TypeError('ErrImagePull: image "postgres:17"'), async () => 'advice'],
  ['about which nothing is known', pull, async () => undefined],
  ['when the cluster is away', pull, () => Promise.reject(new UserError('does not answer'))],
])('leaves an error as it is %s', async (_what, error, advise) => {
  expect(await watched(error, advise)).toBe(error);
});

describe('what is known of the cluster', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'advice-'));
    const file = {
      contexts: [{ name: 'work', context: { cluster: 'kind-desk', user: 'me' } }],
      clusters: [{ name: 'kind-desk', cluster: { server: 'https://127.0.0.1:6443' } }],
    };
    writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(file));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const advise = (client: Partial<KubeClient>, message = pull.message) =>
    adviceOf(client as KubeClient, { kubeconfig: join(folder, 'kubeconfig'), context: 'work' })(message);
  const hidden = () => Promise.reject(new UserError('is forbidden'));

  it('is its kubeconfig, where these credentials see nothing else', async () => {
    expect(await advise({ get: hidden, list: hidden })).toBe(
      'To bring it there without a registry: kind load docker-image postgres:17 --name desk',
    );
  });

  it('is not asked for about another failure', async () => {
    const get = jest.fn(hidden);
    expect(await advise({ get, list: hidden }, 'web cannot run: crashed 3 times')).toBeUndefined();
    expect(get).not.toHaveBeenCalled();
  });

  it('is the registry that it announces', async () => {
    const get = async () => ({ data: { 'localRegistryHosting.v1': 'host: localhost:5001' } }) as never;
    expect(
      await advise({ get, list: hidden }, 'ImagePullBackOff: image "localhost:5000/berth/web@sha256:a"'),
    ).toContain('set "registry": "localhost:5001/…"');
  });
});
