import { ApiError } from '@berth/kube';
import type { ServedRoutes } from '@berth/routes';
import { readGateways } from './read-gateways';

const served: ServedRoutes = { generation: 7, listed: true, routes: {}, refused: [] };
const pod = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, uid: name, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', ...more },
});
const silent = new ApiError('no answer from port 8083', 503, 'ServiceUnavailable', []);

function client(pods: ReturnType<typeof pod>[], answers: Record<string, ServedRoutes | Error>) {
  return {
    list: jest.fn().mockResolvedValue({ items: pods, resourceVersion: '1' }),
    askPod: jest.fn(async (_namespace: string, name: string): Promise<never> => {
      const answer = answers[name];
      if (answer instanceof Error) throw answer;
      return answer as never;
    }),
  };
}

describe('readGateways', () => {
  it('asks each pod of the gateway that is to stay, in the order of their names', async () => {
    const ending = pod('c', { deletionTimestamp: '2026-01-01T00:00:00Z' });
    const kube = client([pod('b'), ending, pod('a')], { a: served, b: served });
    expect(await readGateways(kube)).toEqual([
      { pod: 'a', served },
      { pod: 'b', served },
    ]);
    expect(kube.list).toHaveBeenCalledWith({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: 'admin',
      labelSelector: 'app.kubernetes.io/name=gateway',
    });
    expect(kube.askPod).toHaveBeenCalledTimes(2);
    expect(kube.askPod).toHaveBeenCalledWith('admin', 'a', expect.objectContaining({ path: '/routes' }));
  });

  it('goes on with the others when one does not answer', async () => {
    expect(await readGateways(client([pod('a'), pod('b')], { a: silent, b: served }))).toEqual([
      { pod: 'a', failure: silent },
      { pod: 'b', served },
    ]);
  });

  it('says what to do when there is no gateway, and when no pod of it answers', async () => {
    await expect(readGateways(client([], {}))).rejects.toMatchObject({
      message: expect.stringContaining('no pod of the gateway'),
      hint: 'nx deploy admin',
    });
    await expect(readGateways(client([pod('a')], { a: silent }))).rejects.toMatchObject({
      message: expect.stringContaining('no answer from port 8083'),
      hint: 'nx status admin',
    });
  });

  it('does not take a mistake of its own for a silent pod', async () => {
    await expect(readGateways(client([pod('a')], { a: new TypeError('a bug') }))).rejects.toThrow(TypeError);
  });
});
