import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { makeAndReport } from '../../image/make-and-report';
import { askImages } from '../../image/ask-images';
import { imageBatch } from './batch';

jest.mock('../../image/make-and-report', () => ({ makeAndReport: jest.fn() }));
jest.mock('../../image/ask-images', () => ({ askImages: jest.fn() }));
const made = makeAndReport as jest.MockedFunction<typeof makeAndReport>;

describe('imageBatch', () => {
  const context = { nxJsonConfiguration: { plugins: ['@berth/nx'] } } as unknown as ExecutorContext;
  const run = (...ids: string[]) => {
    const tasks = Object.fromEntries(
      ids.map((id) => {
        const [project = '', target = ''] = id.split(':');
        return [id, { id, target: { project, target } }];
      }),
    );
    const inputs = Object.fromEntries(ids.map((id) => [id, { until: id.split('docker-')[1] as 'push' }]));
    return imageBatch({ tasks } as unknown as TaskGraph, inputs, {}, context);
  };
  const success = async (...ids: string[]) =>
    Object.fromEntries(Object.entries(await run(...ids)).map(([id, result]) => [id, result.success]));

  beforeEach(() => {
    made.mockReset();
    made.mockImplementation(async (projects) =>
      projects.map((project) => ({ project, outcome: 'built', milliseconds: 0 })),
    );
  });

  it('makes all images in one go', async () => {
    expect(await success('a:docker-push', 'b:docker-push')).toEqual({
      'a:docker-push': true,
      'b:docker-push': true,
    });
    expect(made.mock.calls.map(([projects, until]) => [projects, until])).toEqual([[['a', 'b'], 'push']]);
  });

  it('makes an image of which several steps are asked up to the last of them, once', async () => {
    await success('a:docker-build', 'a:docker-push', 'b:docker-test');
    expect(made.mock.calls.map(([projects, until]) => [projects, until])).toEqual([
      [['b'], 'test'],
      [['a'], 'push'],
    ]);
  });

  it('only asks in a dry run, once for all steps of an image', async () => {
    const asked = { project: 'a', reference: 'registry/a:tag', digest: undefined };
    const ask = jest.mocked(askImages).mockResolvedValue([asked]);
    const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const tasks = Object.fromEntries(
      ['a:docker-push', 'a:docker-test'].map((id) => [id, { id, target: { project: 'a' } }]),
    );
    const inputs = { 'a:docker-push': { until: 'push' as const, dryRun: true } };
    const results = await imageBatch({ tasks } as unknown as TaskGraph, inputs, {}, context);
    expect(results).toMatchObject({ 'a:docker-push': { success: true }, 'a:docker-test': { success: true } });
    expect(ask.mock.calls.map(([projects]) => projects)).toEqual([['a']]);
    expect(printed.mock.calls[0]).toEqual(['a  would be built  registry/a:tag']);
    expect(made).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  it('gives the tags that the hasher has found, unless the engine is another', async () => {
    const tag = 'a'.repeat(40);
    const task = (project: string, hash: string) => ({
      id: `${project}:docker-push`,
      target: { project },
      hash,
    });
    const tasks = Object.fromEntries(
      [task('a', tag), task('b', '15308744212563458843')].map((each) => [each.id, each]),
    );
    const push = { until: 'push' as const };
    await imageBatch({ tasks } as unknown as TaskGraph, { 'a:docker-push': push }, {}, context);
    expect(made.mock.calls[0]?.[4]?.tags).toEqual(new Map([['a', tag]]));
    const podman = { 'a:docker-push': { ...push, engine: 'podman' } };
    await imageBatch({ tasks } as unknown as TaskGraph, podman, {}, context);
    expect(made.mock.calls[1]?.[4]?.tags).toBeUndefined();
  });

  it('takes the engine that was named for this run', async () => {
    await success('a:docker-push');
    expect(made.mock.calls[0]?.[2].engine).toBe('docker');
    const tasks = { 'a:docker-push': { id: 'a:docker-push', target: { project: 'a' } } };
    const inputs = { 'a:docker-push': { until: 'push' as const, engine: 'podman' } };
    await imageBatch({ tasks } as unknown as TaskGraph, inputs, {}, context);
    expect(made.mock.calls[1]?.[2].engine).toBe('podman');
  });

  it('fails the tasks of the images that failed, and no others', async () => {
    made.mockImplementation(async () => [
      { project: 'a', outcome: 'failed', milliseconds: 0 },
      { project: 'b', outcome: 'reused', milliseconds: 0 },
    ]);
    expect(await success('a:docker-push', 'b:docker-push')).toEqual({
      'a:docker-push': false,
      'b:docker-push': true,
    });
  });

  it('tries no further step after a failure when the person wants the run to end with it', async () => {
    made.mockImplementation(async () => [{ project: 'a', outcome: 'failed', milliseconds: 0 }]);
    process.env['NX_BAIL'] = 'true';
    try {
      expect(await success('a:docker-build', 'b:docker-push')).toEqual({
        'a:docker-build': false,
        'b:docker-push': false,
      });
    } finally {
      delete process.env['NX_BAIL'];
    }
    expect(made.mock.calls.map(([projects, , , , how]) => [projects, how?.bail])).toEqual([[['a'], true]]);
  });

  it('fails every task when something broke that belongs to no image', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    made.mockRejectedValue(new Error('a bug'));
    expect(await success('a:docker-push')).toEqual({ 'a:docker-push': false });
    expect(printed.mock.calls.join('\n')).toContain('batch.spec.ts');
    printed.mockRestore();
  });
});
