import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { Checkout } from '../checkout';
import { generations, localCluster, workspace } from '../cluster';

jest.setTimeout(300_000);

const client = localCluster();
afterAll(() => client.close());

const json = (root: string, path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
const environments = ['admin', 'staging'];

describe('npm start, with nothing changed', () => {
  let clone: Checkout;

  beforeAll(async () => {
    clone = await Checkout.of(workspace);
  });
  afterAll(() => clone?.remove());

  it.each([
    // Other tests push an image here meanwhile, and leave what became of that one alone.
    { where: 'here', root: () => workspace, named: [] },
    {
      where: 'in another clone, which shares cluster, registry and environments',
      root: () => clone.root,
      named: ['web', 'gateway', 'store'],
    },
  ])('makes, builds and applies nothing $where, and ends with the addresses', async ({ root, named }) => {
    const state = () => Promise.all(environments.map((name) => generations(client, name)));
    const before = await state();
    const { stdout } = await new ProcessRunner().run(['npm', 'start'], {
      cwd: root(),
      env: { NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    expect(stdout).not.toContain('This machine needs');
    const { images } = json(root(), '.berth/images.json') as { images: Record<string, { outcome: string }> };
    expect(Object.keys(images)).toEqual(expect.arrayContaining(named));
    expect(new Set(Object.values(images).map(({ outcome }) => outcome))).toEqual(new Set(['reused']));
    for (const name of environments) {
      const { changes } = json(root(), `.berth/deploy-${name}.json`) as { changes: { kind: string }[] };
      expect(changes.filter(({ kind }) => kind !== 'same')).toEqual([]);
    }
    expect(await state()).toEqual(before);
    expect(stdout).toMatch(/✓ Deploy staging: 23 objects: 23 same {2}\(\d+\.\d s/);
    expect(stdout).toMatch(/http:\/\/web-staging\.localhost/);
  });
});
