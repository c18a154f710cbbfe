import { Resolver } from 'node:dns/promises';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:tls';
import { ProcessRunner } from '@berth/exec';
import type { Cluster } from '@berth/model';
import { bareMetal } from '../cluster-provider';
import { MARK } from './control-plane/mark';
import { STORAGE_HELPER_IMAGE } from './versions';

const workspace = resolve(__dirname, '../../../..');
const cluster: Cluster = {
  name: 'local',
  root: 'deploy/clusters/local',
  provider: 'bare-metal',
  kubeconfig: 'deploy/clusters/local/kubeconfig',
  context: 'berth-local',
  exposure: 'node-ports',
  nodePorts: {},
  hosts: ['localhost'],
};
const runner = new ProcessRunner();
const kubectl = async (argv: string[], input?: string) => {
  const program = existsSync('/var/lib/berth/bin/kubectl') ? '/var/lib/berth/bin/kubectl' : 'kubectl';
  const access = ['--kubeconfig', join(workspace, cluster.kubeconfig), '--context', cluster.context];
  return (await runner.run([program, ...access, ...argv], { timeoutMs: 30_000, ...(input ? { input } : {}) }))
    .stdout;
};
const namespace = `clusters-test-${process.pid}`;

const tls = { name: 'tls', port: 443, protocol: 'TCP' };

/** Claims a volume, writes to it as an ordinary user, says so, and waits on its standard input. */
const objects = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'writer', namespace },
      spec: {
        terminationGracePeriodSeconds: 0,
        securityContext: { runAsUser: 1000, runAsNonRoot: true },
        containers: [
          {
            name: 'writer',
            image: STORAGE_HELPER_IMAGE,
            stdin: true,
            command: ['/bin/sh', '-c', 'echo kept > /data/file && echo written; read line'],
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
      },
    },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'both', namespace }, spec: { ports: [tls] } },
    endpointSlice('api-server', 6443),
    endpointSlice('kubelet', 10250),
  ],
};

/** Endpoints of the Service `both`: a port at which the node itself answers by TLS. */
function endpointSlice(name: string, port: number): object {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': 'both' } },
    addressType: 'IPv4',
    ports: [{ name: 'tls', port, protocol: 'TCP' }],
    endpoints: [{ addresses: ['10.123.0.1'] }],
  };
}

/** The common name in the certificate of whoever answers there. */
function commonName(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: 443, rejectUnauthorized: false, timeout: 5_000 }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('timeout', () => socket.destroy(new Error(`${host} does not answer`)));
    socket.on('error', reject);
  });
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 90_000;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > end) throw new Error(`${what}: not within 90 s`);
    await delay(250);
  }
}

jest.setTimeout(120_000);

describe('the real cluster on this machine', () => {
  const provider = bareMetal({ runner, workspace, home: homedir() });

  beforeAll(async () => {
    const mark = ['get', 'configmap', '-n', MARK.namespace, MARK.name, '-o', 'jsonpath={.data.provider}'];
    if ((await kubectl(mark)) !== 'bare-metal') throw new Error('this cluster was not made by Berth');
    await kubectl(['apply', '-f', '-'], JSON.stringify(objects));
  });
  afterAll(() => kubectl(['delete', 'namespace', namespace, '--wait=false']));

  it('has a ready node', async () => {
    expect(await provider.observe(cluster)).toMatchObject({
      exists: true,
      ready: true,
      nodes: [{ ready: true }],
    });
  });

  it('needs nothing more', async () => {
    expect(await provider.planCreate(cluster)).toEqual([]);
  });

  it('answers names of services', async () => {
    const resolver = new Resolver();
    resolver.setServers(['10.96.0.10']);
    expect(await resolver.resolve4('kubernetes.default.svc.cluster.local')).toEqual(['10.96.0.1']);
  });

  it('leads to every endpoint of a service', async () => {
    const address = ['-n', namespace, 'get', 'service', 'both', '-o', 'jsonpath={.spec.clusterIP}'];
    const host = await kubectl(address);
    await until('the service answers', async () => (await commonName(host)) !== '');
    const names = new Set<string>();
    for (let request = 0; request < 40; request++) names.add((await commonName(host)).split('@')[0]!);
    expect([...names].sort()).toEqual(['kube-apiserver', 'local-1']);
  });

  it('binds a volume of the default StorageClass that an ordinary user can write to', async () => {
    const phase = () => kubectl(['-n', namespace, 'get', 'pod', 'writer', '-o', 'jsonpath={.status.phase}']);
    await until('the pod runs', async () => (await phase()) === 'Running');
    expect(await kubectl(['-n', namespace, 'get', 'pvc', 'data', '-o', 'jsonpath={.status.phase}'])).toBe(
      'Bound',
    );
  });

  it('gives logs and runs commands in pods', async () => {
    await until('the log', async () => (await kubectl(['-n', namespace, 'logs', 'writer'])) === 'written\n');
    const read = ['/bin/sh', '-c', 'read word < /data/file; echo $word'];
    expect(await kubectl(['-n', namespace, 'exec', 'writer', '--', ...read])).toBe('kept\n');
  });

  it('listens on loopback and on its own network only', async () => {
    const { stdout } = await runner.run([
      'ss',
      '--no-header',
      '--listening',
      '--tcp',
      '--numeric',
      '--processes',
    ]);
    const parts = /"(kube-[a-z-]+|kubelet|kube-apiserver|etcd|docker-registry|dockerd|containerd)"/;
    const listeners = stdout.split('\n').flatMap((line) => {
      const [, name] = parts.exec(line) ?? [];
      const address = line.trim().split(/\s+/)[3]?.replace(/:\d+$/, '');
      return name && address ? [{ name, address }] : [];
    });
    expect(listeners.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['kube-apiserver', 'kubelet', 'kube-proxy', 'etcd', 'docker-registry']),
    );
    const open = listeners.filter(({ address }) => !/^(127\.|\[::1\]|10\.123\.0\.1$)/.test(address));
    expect(open).toEqual([]);
  });

  it('measures its node', async () => {
    const { items } = JSON.parse(await kubectl(['get', '--raw', '/apis/metrics.k8s.io/v1beta1/nodes'])) as {
      items: { usage: { cpu: string } }[];
    };
    expect(items[0]?.usage.cpu).toMatch(/^\d+n$/);
  });
});
