import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@berth/exec/src/testing-until';
import { Checkout } from './checkout';
import { localCluster, workspace } from './cluster';

jest.setTimeout(300_000);

const pages = [
  'generate-the-manifests.md',
  'deploy-your-application.md',
  'access-from-the-outside-world.md',
  'images.md',
  'continuous-integration.md',
  'existing-clusters.md',
] as const;

/** What stands in the blocks of a page that are to be typed, in their order. */
function commandsOf(page: string): string[] {
  const text = readFileSync(join(workspace, 'docs/guide', page), 'utf8');
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block]) => block!);
}

describe('the guide, typed in a clone', () => {
  const client = localCluster();
  let checkout: Checkout;

  /** The last page does it itself; a run that ended before has left it. */
  async function removeEnvironment(): Promise<void> {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', name: 'guide' };
    await client.delete(namespace);
    await until(
      async () => (await client.get(namespace)) !== undefined,
      (there) => !there,
      120_000,
    );
  }

  beforeAll(async () => {
    await removeEnvironment();
    checkout = await Checkout.of(workspace);
    // npm's takes half a second of computing for each command to find the program that lies beside this one.
    writeFileSync(join(checkout.root, 'node_modules/.bin/npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  });
  afterAll(async () => {
    checkout?.remove();
    await removeEnvironment();
    client.close();
  });

  describe.each(pages)('%s', (page) => {
    const blocks = commandsOf(page).map((block, index) => ({ block, number: index + 1 }));

    it('has commands', () => {
      expect(blocks.length).toBeGreaterThan(0);
    });

    it.each(blocks)('block $number', async ({ block }) => {
      const setUp = 'PATH=$PWD/node_modules/.bin:$PATH\n';
      await checkout.run(['bash', '-e', '-u', '-o', 'pipefail', '-c', `${setUp}${block}`]);
    });
  });
});
