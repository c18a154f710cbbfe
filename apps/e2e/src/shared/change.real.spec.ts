import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Checkout } from '../checkout';
import { generations, localCluster, untilReady, workspace } from '../cluster';
import { ask, gatewayPort } from '../gateway';

jest.setTimeout(300_000);

const client = localCluster();
let checkout: Checkout;
let port: number;

beforeAll(async () => {
  port = await gatewayPort(client);
  checkout = await Checkout.of(workspace, { own: true });
});
afterAll(async () => {
  await checkout?.remove();
  client.close();
});

const affected = () => checkout.nx('affected', '-t', 'docker-push', '--base=HEAD~1', '--head=HEAD');
const built = () =>
  Object.entries(checkout.imageOutcomes())
    .filter(([, outcome]) => outcome !== 'reused')
    .map(([project]) => project);
const changes = (result: string) =>
  (checkout.json(result) as { changes: { kind: string; object: string }[] }).changes
    .filter(({ kind }) => kind !== 'same')
    .map(({ kind, object }) => `${kind} ${object}`);

describe('a change, from the commit to the environment', () => {
  it('of a README builds and pushes nothing', async () => {
    writeFileSync(join(checkout.root, 'apps/pricing/README.md'), '# Pricing\n');
    await checkout.commit('Say what pricing is');
    await affected();
    expect(built()).toEqual([]);
  });

  it('of one line of the page builds one image, changes one Deployment, and is seen', async () => {
    const before = await generations(client, 'staging');
    const file = join(checkout.root, 'apps/web/src/page/index.html');
    const text = readFileSync(file, 'utf8');
    const title = `Desk ${Date.now()}`;
    expect(text).toContain('<title>Berth trading desk</title>');
    writeFileSync(file, text.replace('Berth trading desk</title>', `${title}</title>`));
    await checkout.commit('Name the desk');

    await affected();
    expect(built()).toEqual(['web']);

    await checkout.nx('deploy', 'staging', '--json=.berth/deployed.json');
    expect(changes('.berth/deployed.json')).toEqual(['change deployment/web']);
    const after = await generations(client, 'staging');
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(['web']);
    expect((await ask(port, 'web-staging.localhost')).body).toContain(`<title>${title}</title>`);
  });

  it('and again, deployed twice, changes nothing', async () => {
    const before = await generations(client, 'staging');
    await checkout.nx('deploy', 'staging', '--json=.berth/again.json');
    expect(changes('.berth/again.json')).toEqual([]);
    expect(await generations(client, 'staging')).toEqual(before);
  });

  it('is undone by the deploy of the commit before', async () => {
    await checkout.git('checkout', '--quiet', 'HEAD~1');
    await checkout.nx('deploy', 'staging', '--no-build', '--json=.berth/back.json');
    expect(changes('.berth/back.json')).toEqual(['change deployment/web']);
    await untilReady(client, 'staging');
    expect((await ask(port, 'web-staging.localhost')).body).toContain('<title>Berth trading desk</title>');
  });
});
