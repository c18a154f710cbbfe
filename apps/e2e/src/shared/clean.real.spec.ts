import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { listProcesses, ProcessRunner } from '@berth/exec';
import { request } from 'undici';
import { localCluster, workspace } from '../cluster';
import { ask, gatewayPort } from '../gateway';

jest.setTimeout(900_000);

const runner = new ProcessRunner();
const npm = (...args: string[]) =>
  runner.run(['npm', ...args], { cwd: workspace, env: { NO_COLOR: '1', FORCE_COLOR: undefined } });

/** Where the cluster keeps what it has on a machine. */
const folders = ['/var/lib/berth', '/run/berth', '/etc/kubernetes', '/var/lib/kubelet', '/var/lib/etcd'];

/** Whatever of the cluster is on this machine, in words. */
async function leftOnMachine(): Promise<string[]> {
  const { stdout: rules } = await runner.run(['iptables-save']);
  const ours = /^:(KUBE|CNI|DOCKER)|berth/;
  return [
    ...folders.filter((path) => existsSync(path)),
    ...listProcesses()
      .map(({ argv }) => argv.join(' '))
      .filter((line) => line.includes('/var/lib/berth/') || line.includes('/run/berth/')),
    ...readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .filter((line) => folders.some((path) => line.includes(` ${path}/`))),
    ...readdirSync('/sys/class/net').filter((name) => /^(berth|docker0|veth)/.test(name)),
    ...rules.split('\n').filter((line) => ours.test(line)),
  ];
}

const asked = process.env['BERTH_TEST_CLEAN'] === '1';

(asked ? it : it.skip)(
  `npm run clean leaves nothing, and npm start is as on a new machine${asked ? '' : ' (takes 4 minutes; runs with BERTH_TEST_CLEAN=1)'}`,
  async () => {
    const before = localCluster();
    const id = randomUUID();
    const { statusCode, body } = await request(`http://127.0.0.1:${await gatewayPort(before)}/api/trades`, {
      method: 'POST',
      headers: { host: 'web-staging.localhost', 'content-type': 'application/json' },
      body: JSON.stringify({ id, symbol: 'TIDE', side: 'sell', quantity: 7 }),
    });
    await body.dump();
    before.close();
    expect(statusCode).toBe(201);

    const { stdout: cleaned } = await npm('run', 'clean', '--', '--force');
    for (const path of ['/var/lib/berth', '/etc/kubernetes', '/var/lib/etcd'])
      expect(cleaned).toContain(`delete ${path}`);
    expect(await leftOnMachine()).toEqual([]);

    const { stdout } = await npm('start');
    expect(stdout).toMatch(/(\d+) images: \1 built\b/);
    const after = localCluster();
    const answer = await ask(await gatewayPort(after), 'web-staging.localhost', '/api/trades');
    after.close();
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain(id);
  },
);
