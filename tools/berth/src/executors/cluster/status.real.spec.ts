import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { stringify } from 'yaml';
import { TestingDns } from '../../cluster/testing-dns';
import { readKubeconfigText } from '../testing-faults';
import { printedLines } from '../testing-printed';
import status from './status';

jest.setTimeout(60_000);

/** The node of the local cluster, whose gateway is only looked at. */
const node = '10.123.0.1';
const kubeconfig = resolve(__dirname, '../../../../../deploy/clusters/local/kubeconfig');

describe('nx status cluster-work', () => {
  const printed = printedLines();
  let root: string;
  let dns: TestingDns;
  const write = (path: string, content: string | object) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const domains = ['right.test', 'wrong.test', 'missing.test', 'alias.test', 'localhost'];
  const context = () =>
    ({
      root,
      cwd: root,
      projectName: 'cluster-work',
      isVerbose: false,
      nxJsonConfiguration: { plugins: ['@berth/nx'] },
      projectsConfigurations: {
        version: 2,
        projects: {
          'cluster-work': { root: 'deploy/clusters/work' },
          web: { root: 'apps/web' },
          gateway: { root: 'apps/gateway' },
        },
      },
      projectGraph: { nodes: {}, dependencies: {} },
    }) as unknown as ExecutorContext;
  const run = async (options: object = {}) => {
    const { success } = await status({ dns: [dns.server], json: 'status.json', ...options }, context());
    return { success, said: printed.join('\n') };
  };
  const result = () => JSON.parse(readFileSync(join(root, 'status.json'), 'utf8'));

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'berth-status-'));
    const file = readKubeconfigText(kubeconfig);
    for (const each of file.contexts) each.name = 'work';
    write('kubeconfig', stringify(file));
    write('deploy/clusters/work/cluster.json', {
      provider: 'existing',
      kubeconfig: 'kubeconfig',
      context: 'work',
      nodePorts: {},
    });
    write('apps/web/service.json', { ports: [{ name: 'http', port: 8080, public: true }] });
    write('apps/gateway/service.json', { ports: [{ name: 'http', port: 8080, nodePort: 30080 }] });
    write('deploy/environments/admin/env.json', { cluster: 'work', projects: ['gateway'] });
    domains.forEach((domain, index) =>
      write(`deploy/environments/env-${index}/env.json`, { cluster: 'work', domain, projects: ['web'] }),
    );
    write('deploy/environments/elsewhere/env.json', {
      cluster: 'far',
      domain: 'far.test',
      projects: ['web'],
    });
    dns = await TestingDns.start({
      'right.test': [`* IN A ${node}`],
      'wrong.test': ['* IN A 192.0.2.1'],
      'missing.test': [],
      'alias.test': ['* IN CNAME balancer.right.test.'],
    });
  });
  afterAll(async () => {
    await dns?.stop();
    rmSync(root, { recursive: true });
  });

  it('says where the gateway is, and of each domain whether DNS leads there', async () => {
    const { success, said } = await run();
    expect(success).toBe(true);
    expect(said).toMatch(/^work: not recognised, Kubernetes v1\./);
    expect(said).toMatch(/nodes ready\n/);
    expect(said).toMatch(new RegExp(`gateway: ${node}, port \\d+ \\(http\\), \\d+ \\(https\\), by nodes`));
    expect(said).toContain(`DNS: *.right.test (env-0) is right, it leads to ${node}`);
    expect(said).toContain(
      `DNS: *.wrong.test (env-1) leads elsewhere, it leads to 192.0.2.1\n    *.wrong.test  A  ${node}`,
    );
    expect(said).toContain(`DNS: *.missing.test (env-2) is missing\n    *.missing.test  A  ${node}`);
    expect(said).toMatch(
      /DNS: \*\.localhost \(env-4\) needs no record: it is this machine, where port \d+ answers/,
    );
    expect(said).not.toContain('far.test');
    expect(result()).toMatchObject({
      cluster: 'work',
      gateway: { state: 'there', targets: [{ ip: node }] },
      environments: expect.arrayContaining(['admin', 'staging']),
      nodes: [{ ready: true }],
    });
    const states = Object.fromEntries(
      (result().names as { name: string; state: string }[]).map(({ name, state }) => [name, state]),
    );
    expect(states).toEqual({
      '*.right.test': 'right',
      '*.wrong.test': 'wrong',
      '*.missing.test': 'missing',
      // It is another name of something whose address is the gateway's.
      '*.alias.test': 'right',
      '*.localhost': 'needless',
    });
  });

  it('says of an exposure that is not deployed yet what is there, and which record nobody can know', async () => {
    const file = 'deploy/clusters/work/cluster.local.json';
    write(file, { exposure: 'load-balancer', nodePorts: null });
    try {
      const { success, said } = await run();
      expect(success).toBe(true);
      expect(said).toContain(
        'gateway: not reachable from outside, there is no Service gateway-loadbalancer; there is gateway-nodeport, of another exposure\n    nx deploy admin',
      );
      expect(said).toContain('DNS: *.missing.test (env-2) is missing');
      expect(result().names[0].records).toEqual([]);
    } finally {
      rmSync(join(root, file));
    }
  });

  it('shows what is Kubernetes of a cluster whose Swarm cannot be asked, says why, and fails', async () => {
    const file = 'deploy/clusters/work/cluster.local.json';
    write(file, { docker: 'unix:///nonexistent/docker.sock' });
    try {
      const { success, said } = await run();
      expect(success).toBe(false);
      expect(said).toMatch(/^work: not recognised, Kubernetes v1\.[^]*\nDNS: /);
      expect(said).toMatch(/\n[^\n]*\/nonexistent\/docker\.sock[^\n]*\n {2}\S/);
      expect(result()).toMatchObject({
        gateway: { state: 'there' },
        failures: [expect.stringContaining('/nonexistent/docker.sock')],
      });
    } finally {
      rmSync(join(root, file));
    }
  });

  it('fails when the cluster cannot be read, and for a server that is no address', async () => {
    expect(await run({ dns: ['dns.example.com'] })).toMatchObject({
      success: false,
      said: expect.stringContaining('--dns must be IP addresses'),
    });
    const file = 'deploy/clusters/work/cluster.local.json';
    write(file, { context: 'wrok' });
    try {
      expect(await run()).toMatchObject({
        success: false,
        said: expect.stringContaining('has no context "wrok"; it has: work.'),
      });
    } finally {
      rmSync(join(root, file));
    }
  });
});
