import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProgramError, type Completed } from '@berth/exec';
import { HttpRegistry } from '@berth/registry';
import { Checkout } from './checkout';
import { localCluster, workspace } from './cluster';

jest.setTimeout(300_000);

const client = localCluster();
const name = `berth-test-twice-${process.pid}`;
const folder = `deploy/environments/${name}`;
let one: Checkout;
/** Made while the tests run that need only one. */
let making: Promise<Checkout>;

beforeAll(async () => {
  one = await Checkout.of(workspace);
  making = Checkout.of(workspace);
  making.catch(() => undefined);
});
afterAll(async () => {
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name });
  one?.remove();
  (await making?.catch(() => undefined))?.remove();
  client.close();
});

/** Every file below a folder of a checkout, by path. */
function files(checkout: Checkout, path: string): Record<string, string> {
  const paths = readdirSync(join(checkout.root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((file) => [file, readFileSync(file, 'utf8')]));
}

/** What the last run of `docker-push` did with an image. */
function imageOf(checkout: Checkout, project: string) {
  const { images } = checkout.json('.berth/images.json') as {
    images: Record<string, { outcome: string; reference?: string; digest?: string }>;
  };
  return images[project];
}

/** Runs both at once. @returns what the successful and the failed ones printed */
async function both(...runs: Promise<Completed>[]): Promise<{ done: string[]; failed: ProgramError[] }> {
  const results = await Promise.allSettled(runs);
  return {
    done: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.stdout] : [])),
    failed: results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as ProgramError] : [],
    ),
  };
}

describe('the same command twice at once', () => {
  it('nx g env: both end well, and the files are whole', async () => {
    const generate = () => one.nx('g', 'env', name, '--projects=reference', '--no-interactive');
    const { failed } = await both(generate(), generate());
    for (const { message } of failed) expect(message).toContain(`${folder}/env.json exists`);
    expect(failed.length).toBeLessThan(2);
    const written = files(one, folder);
    expect(Object.keys(written).length).toBeGreaterThan(3);
    await one.nx('g', 'env', name);
    expect(files(one, folder)).toEqual(written);
  });

  it('nx deploy: one wins, the other says who holds the lease and since when', async () => {
    const age =
      "const [up, stat] = ['/proc/uptime', '/proc/1/stat'].map((path) => require('fs').readFileSync(path, 'utf8'))";
    const probe = `${age}; process.exit(parseFloat(up) - stat.split(') ')[1].split(' ')[19] / 100 < 5 ? 1 : 0)`;
    const document = one.json(`${folder}/env.json`) as object;
    const services = {
      reference: { health: { path: '/healthz', startup: { exec: ['node', '-e', probe] } } },
    };
    writeFileSync(join(one.root, folder, 'env.json'), `${JSON.stringify({ ...document, services })}\n`);
    const deploy = (result: string) => one.nx('deploy', name, `--json=.berth/${result}.json`);
    const { done, failed } = await both(deploy('one'), deploy('other'));
    expect(done).toHaveLength(1);
    expect(done[0]).toContain(`${name} is deployed, record 1`);
    expect(failed).toHaveLength(1);
    expect(failed[0]!.exitCode).toBe(1);
    expect(failed[0]!.stdout + failed[0]!.stderr).toMatch(
      new RegExp(
        `${name} is being deployed by \\S+@\\S+ since \\d{4}-\\d\\d-\\d\\d [\\d:]{8} UTC \\(\\d+ s ago\\)`,
      ),
    );
  });

  it('docker-push of two clones: both push, and the registry has the one digest that both know', async () => {
    const clones = [one, await making];
    for (const { root } of clones)
      appendFileSync(join(root, 'apps/reference/src/instruments.ts'), `// ${name}\n`);
    const { failed } = await both(...clones.map((checkout) => checkout.nx('run', 'reference:docker-push')));
    expect(failed).toEqual([]);
    const [first, second] = clones.map((checkout) => imageOf(checkout, 'reference'));
    expect(first!.outcome).toBe('built');
    const registry = new HttpRegistry();
    try {
      const digest = await registry.digestOf(first!.reference!);
      expect(digest).toMatch(/^sha256:/);
      for (const image of [first, second])
        expect(image).toMatchObject({ reference: first!.reference, digest });
    } finally {
      registry.close();
    }
  });
});
