import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { generations, localCluster, workspace } from '../cluster';

jest.setTimeout(300_000);

const client = localCluster();
afterAll(() => client.close());

const json = (path: string): unknown => JSON.parse(readFileSync(join(workspace, path), 'utf8'));
const environments = ['admin', 'staging'];

describe('npm start, with nothing changed', () => {
  it('makes, builds and applies nothing, and ends with the addresses', async () => {
    const state = () => Promise.all(environments.map((name) => generations(client, name)));
    const before = await state();
    const { stdout } = await new ProcessRunner().run(['npm', 'start'], {
      cwd: workspace,
      env: { NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    expect(stdout).not.toContain('This machine needs');
    const { images } = json('.berth/images.json') as { images: Record<string, { outcome: string }> };
    expect(new Set(Object.values(images).map(({ outcome }) => outcome))).toEqual(new Set(['reused']));
    for (const name of environments) {
      const { changes } = json(`.berth/deploy-${name}.json`) as { changes: { kind: string }[] };
      expect(changes.filter(({ kind }) => kind !== 'same')).toEqual([]);
    }
    expect(await state()).toEqual(before);
    expect(stdout).toMatch(/✓ Deploy staging: .*\(\d.* s, last time \d.* s\)/);
    expect(stdout).toMatch(/http:\/\/web-staging\.localhost/);
  });
});
