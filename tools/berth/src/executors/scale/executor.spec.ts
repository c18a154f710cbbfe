import { SmallWorkspace } from '../testing-faults';
import scale, { type ScaleOptions } from './executor';
import { printedLines } from '../testing-printed';

describe('nx scale', () => {
  let workspace: SmallWorkspace;
  const printed = printedLines();
  beforeEach(() => {
    // No API server is asked: the workspace has no kubeconfig.
    workspace = new SmallWorkspace('staging', { image: 'nginx:1' });
  });
  afterEach(() => {
    workspace.remove();
  });

  it.each<[Omit<ScaleOptions, 'service'>, RegExp]>([
    [{}, /Nothing says how many[^]*nx scale staging --service=web --replicas=3[^]*--reset/],
    [{ replicas: 3, reset: true }, /--replicas and --reset exclude each other/],
    [{ replicas: -1 }, /a whole number from 0 on, not -1/],
    [{ replicas: 1.5 }, /a whole number from 0 on, not 1\.5/],
    [{ replicas: 3 }, /kubeconfig/],
  ])('refuses %j', async (options, message) => {
    expect(await scale({ service: 'web', ...options }, workspace.context)).toEqual({ success: false });
    expect(printed.join('\n')).toMatch(message);
  });

  it('leaves a protected environment alone that nobody named', async () => {
    const environment = { cluster: 'local', domain: 'localhost', projects: ['web'], protected: true };
    workspace.write('deploy/environments/staging/env.json', environment);
    expect(await scale({ service: 'web', replicas: 3 }, workspace.context)).toEqual({ success: false });
    expect(printed.join('\n')).toContain('staging is protected');
  });
});
