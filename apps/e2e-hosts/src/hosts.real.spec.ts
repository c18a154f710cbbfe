import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { until } from '@berth/exec/src/testing-until';
import { isVersion1 } from './cgroups';
import { demoObjects } from './demo';
import { giveImages } from './given-images';
import type { NamespacedHost } from './namespaced-hosts';
import { Outage } from './outage';
import { Rack, runAll, titles } from './rack';
import { isReady, isServing, nodesOf, podsOf, serviceOf, untilReady, type Pod } from './workloads';

jest.setTimeout(480_000);

const suite = isVersion1() ? describe : describe.skip;
const reason = isVersion1() ? '' : ' (skipped: host.sh divides cgroups of version 1 only)';

const NAMESPACES = ['admin', 'staging'];
const ADDRESS = 'web-staging.localhost';

let rack: Rack;
/** By name, all that was on each host before there was a cluster. */
const before = new Map<string, string[]>();
/** The worker that loses its power, comes back, and is taken out in the end. */
let victim: NamespacedHost;
/** Where a client's name or load balancer leads: another host that has a gateway. */
let entry: NamespacedHost;

const pods = async (): Promise<Pod[]> =>
  (await Promise.all(NAMESPACES.map((namespace) => podsOf(rack.client, namespace)))).flat();
const allReady = () => Promise.all(NAMESPACES.map((namespace) => untilReady(rack.client, namespace)));
/** Clients of the page, all of which have been answered for a while. */
async function clients(): Promise<Outage> {
  const outage = new Outage(`http://${entry.address}:80/`, ADDRESS);
  await until(
    () => outage.requests.map(({ what }) => what).slice(-40),
    (last) => last.length === 40 && last.every((what) => what === '200'),
    30_000,
  );
  outage.requests.length = 0;
  return outage;
}

/** All on a host is as it was before there was a cluster. */
async function expectAsBefore(host: NamespacedHost): Promise<void> {
  const picture = () => rack.machines.picture(host);
  const was = before.get(host.name);
  // The kernel takes network devices away a while after the namespace that they lead to was deleted.
  const now = await until(picture, (lines) => isDeepStrictEqual(lines, was), 20_000).catch(picture);
  expect(now).toEqual(was);
}

suite(`a cluster on hosts made of namespaces${reason}`, () => {
  beforeAll(async () => {
    rack = await Rack.start(['rack-1', 'rack-2', 'rack-3']);
    const { hosts } = rack.machines;
    const pictures = await Promise.all(hosts.map((host) => rack.machines.picture(host)));
    hosts.forEach(({ name }, index) => before.set(name, pictures[index]!));
    giveImages(hosts[0]!);
  });
  afterAll(async () => {
    await rack?.stop();
  });

  it('takes no host whose key is not the one that is known, and says what is wrong with all at once', async () => {
    const { hosts, knownHosts } = rack.machines;
    const [first = '', second = '', third = ''] = readFileSync(knownHosts, 'utf8').trim().split('\n');
    const key = (line: string) => line.split(' ')[2] ?? '';
    writeFileSync(rack.at('known_hosts'), [first, second.replace(key(second), key(third)), ''].join('\n'));
    const written = () => hosts.map(({ folder }) => readdirSync(join(folder, 'disk/berth')));
    const found = written();
    await expect(rack.command().planCreate(rack.cluster)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        /2 of the 3 hosts .*nothing was touched.*10\.124\.0\.2: its host key is not the one.*ssh-keygen -R 10\.124\.0\.2.*10\.124\.0\.3: its host key is not known.*ssh-keyscan/s,
      ),
    });
    expect(written()).toEqual(found);
    copyFileSync(knownHosts, rack.at('known_hosts'));
  });

  it('is made by the same command again when connections are cut while hosts join, and needs nothing more then', async () => {
    // One before anything of it is there, the other when its kubelet is.
    const moments = new Map([
      ['rack-2', '[preflight]'],
      ['rack-3', '[kubelet-check]'],
    ]);
    const cutOff = (title: string, line: string) => {
      for (const [name, moment] of moments)
        if (title === 'Join' && line.startsWith(`${name}: ${moment}`)) {
          moments.delete(name);
          rack.machines.cutConnections(rack.host(name));
        }
    };
    await expect(runAll(await rack.command().planCreate(rack.cluster), cutOff)).rejects.toThrow(
      /^Join: root@10\.124\.0\.[23]: it cannot be reached by ssh/,
    );
    expect([...moments.keys()]).toEqual([]);

    await runAll(await rack.command().planCreate(rack.cluster));
    expect(titles(await rack.command().planCreate(rack.cluster))).toEqual([]);
    expect(await rack.command().observe(rack.cluster)).toMatchObject({
      ready: true,
      nodes: ['rack-1', 'rack-2', 'rack-3'].map((name) => ({ name, ready: true })),
    });
  });

  it('runs the demo on all of its nodes', async () => {
    for (const object of demoObjects(rack.cluster))
      await rack.client.apply(object, { fieldManager: 'berth-test' });
    await allReady();
    // The first host has the control plane to run as well: it need not get pods of the demo too.
    const used = new Set((await podsOf(rack.client, 'staging')).map(({ spec }) => spec.nodeName));
    expect([...used]).toEqual(expect.arrayContaining(['rack-2', 'rack-3']));
  });

  it('fails for two seconds at most when a worker without the database is lost, and has its pods replaced within a minute', async () => {
    const all = await pods();
    const on = ({ name }: NamespacedHost, list: Pod[]) => list.filter(({ spec }) => spec.nodeName === name);
    const database = all.find(({ metadata }) => metadata.name === 'store-0')?.spec.nodeName;
    victim = rack.machines.hosts.slice(1).find(({ name }) => name !== database)!;
    entry = rack.machines.hosts.find(
      (host) => host !== victim && on(host, all).some((pod) => serviceOf(pod) === 'gateway'),
    )!;
    expect(on(victim, all).length).toBeGreaterThan(0);
    const outage = await clients();
    const cut = Date.now();
    await rack.machines.cutPower(victim);
    await until(
      async () => {
        const serving = (await pods()).filter((pod) => isServing(pod) && pod.spec.nodeName !== victim.name);
        const count = (list: Pod[], name: string) => list.filter((pod) => serviceOf(pod) === name).length;
        return [...new Set(all.map(serviceOf))].filter((name) => count(serving, name) < count(all, name));
      },
      (lacking) => lacking.length === 0,
      90_000,
    );
    const replacedMs = Date.now() - cut;
    await outage.stop();
    console.log(
      `${outage.requests.length} requests, ${outage.failures.length} failed within ${outage.failingMs} ms, the slowest took ${outage.slowestMs} ms; ${on(victim, all).length} pods were replaced after ${replacedMs} ms`,
      JSON.stringify(outage.failures.slice(0, 20)),
      `from ${entry.name}, ${victim.name} lost`,
    );
    expect(outage.failingMs).toBeLessThanOrEqual(2_000);
    expect(replacedMs).toBeLessThanOrEqual(60_000);
  });

  it('takes the host back when it has its power again, and gives it pods', async () => {
    await rack.machines.powerOn(victim);
    // It starts what systemd would have started where there is one.
    await runAll(await rack.command().planCreate(rack.cluster));
    await until(
      async () => (await nodesOf(rack.client)).find(({ metadata }) => metadata.name === victim.name),
      (node) => node !== undefined && node.spec.taints === undefined && isReady(node),
      60_000,
    );
    // Those that were there when it lost its power are no more, and new ones are spread over all.
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'staging', name: 'web' };
    await rack.client.patch(web, { spec: { replicas: 4 } });
    await until(
      async () => (await pods()).filter(({ spec }) => spec.nodeName === victim.name),
      (there) => there.every(isServing) && there.some((pod) => serviceOf(pod) === 'web'),
      90_000,
    );
    await allReady();
  });

  it('fails no request while a host is taken out that cluster.json no longer names, and leaves nothing there', async () => {
    const others = rack.machines.hosts.filter((host) => host !== victim);
    rack.cluster = rack.of(others);
    const outage = await clients();
    const steps = await rack.command().planRemoval(rack.cluster);
    expect(steps[0]).toMatchObject({
      title: `Drain ${victim.name}`,
      details: expect.arrayContaining([expect.stringMatching(/^move pod staging\/web-/)]),
    });
    await runAll(steps);
    await allReady();
    await outage.stop();
    expect(outage.failures).toEqual([]);
    expect(outage.requests.length).toBeGreaterThan(100);
    const left = await nodesOf(rack.client);
    expect(left.map(({ metadata }) => metadata.name)).toEqual(others.map(({ name }) => name));
    expect(left.every(isReady)).toBe(true);
    expect(titles(await rack.command().planRemoval(rack.cluster))).toEqual([]);
    await expectAsBefore(victim);
    // Nobody has a way to its pods any more.
    for (const host of others)
      expect((await rack.machines.picture(host)).join('\n')).not.toContain(`via ${victim.address} `);
  });

  it('is destroyed by the same command again when the network is gone in the middle, and leaves nothing on any host', async () => {
    const [first, other] = rack.machines.hosts.filter((host) => host !== victim) as [
      NamespacedHost,
      NamespacedHost,
    ];
    let unplugged: Promise<void> | undefined;
    const unplug = (title: string, line: string) => {
      if (title.startsWith('Stop the cluster') && line === `${other.name}: ending pods`)
        unplugged ??= rack.machines.unplug(other);
    };
    await expect(runAll(await rack.command().planDestroy(rack.cluster), unplug)).rejects.toThrow(
      new RegExp(`^Stop the cluster on .*: root@${other.address}: it cannot be reached by ssh`),
    );
    await unplugged;
    await rack.machines.plugIn(other);

    await runAll(await rack.command().planDestroy(rack.cluster));
    expect(titles(await rack.command().planDestroy(rack.cluster))).toEqual([]);
    for (const host of [first, other]) await expectAsBefore(host);
    expect(existsSync(rack.at('kubeconfig'))).toBe(false);
  });
});
