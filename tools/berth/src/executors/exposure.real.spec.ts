import { request } from 'node:http';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { KubeClient } from '@berth/kube';
import { nodeImage } from '@berth/orchestrators/src/contract/testing-node-image';
import deploy from './deploy/executor';
import { readKubeconfigText, SmallWorkspace } from './testing-faults';
import { printedLines } from './testing-printed';

jest.setTimeout(120_000);

const kubeconfig = resolve(__dirname, '../../../../deploy/clusters/local/kubeconfig');
const environment = `berth-test-exposure-${process.pid}`;
const node = '10.123.0.1';
/** Below those that the kernel gives to connections, and beside those of other tests. */
const port = 24_000 + (process.pid % 900);
const standIn = 31_000 + (process.pid % 900);

const program = `require('node:http').createServer((_, response) => response.end('here')).listen(8080);
process.on('SIGTERM', () => process.exit());`;

/** What answers there; undefined when nobody does. */
function answer(on: number): Promise<string | undefined> {
  return new Promise((done) => {
    const asked = request({ host: node, port: on, agent: false, timeout: 1000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => done(text));
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', () => done(undefined));
    asked.end();
  });
}

/** The rules of the node follow what was deployed within moments. */
async function untilAnswers(on: number, wanted: string | undefined): Promise<void> {
  const until = Date.now() + 20_000;
  while ((await answer(on)) !== wanted) {
    if (Date.now() > until) throw new Error(`port ${on} does not answer with ${wanted}`);
    await delay(200);
  }
}

/** One service whose port is opened, on the local cluster as if somebody else had made it. */
describe('a port that is opened to the outside', () => {
  const printed = printedLines();
  const client = KubeClient.from({ kubeconfig, context: 'berth-local' });
  let workspace: SmallWorkspace;
  const to = async (cluster: object, env: object = {}) => {
    const access = { provider: 'existing', kubeconfig: 'kubeconfig', context: 'berth-local' };
    workspace.write('deploy/clusters/local/cluster.json', { ...access, ...cluster });
    const written = { cluster: 'local', domain: 'localhost', projects: ['web'], ...env };
    workspace.write(`deploy/environments/${environment}/env.json`, written);
    const { success } = await deploy({} as Parameters<typeof deploy>[0], workspace.context);
    return { success, said: printed.join('\n') };
  };
  const service = (name: string) =>
    client.get({ apiVersion: 'v1', kind: 'Service', name, namespace: environment });

  beforeAll(async () => {
    workspace = new SmallWorkspace(environment, {
      image: await nodeImage(),
      ports: [{ name: 'http', port: 8080, nodePort: port }],
      health: { path: '/' },
      resources: { cpu: '20m', memory: '64Mi' },
      command: ['node', '--eval', program],
    });
    workspace.access(readKubeconfigText(kubeconfig), {});
  });
  afterAll(async () => {
    await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: environment });
    client.close();
    workspace.remove();
  });

  it('is refused before anything is made where the namespace would refuse the pods', async () => {
    const { success, said } = await to({ exposure: 'host-ports' });
    expect({ success, said }).toMatchObject({ success: false });
    expect(said).toContain(
      `deploy/environments/${environment}/env.json at podSecurity: the cluster local opens`,
    );
    expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment })).toBeUndefined();
  });

  it('is refused where it is no node port of the cluster, and nothing stands for it', async () => {
    const { success, said } = await to({});
    expect({ success, said }).toMatchObject({ success: false });
    expect(said).toContain(
      `apps/web/service.json at ports[0].nodePort: ${port} is no node port of the cluster`,
    );
  });

  it('answers at the node that runs the pod, where the namespace lets it', async () => {
    expect(await to({ exposure: 'host-ports' }, { podSecurity: 'privileged' })).toMatchObject({
      success: true,
    });
    await untilAnswers(port, 'here');
    expect(await service('web-nodeport')).toBeUndefined();
  });

  it('answers at the node port that stands for it, and no more at the host, in a restricted namespace again', async () => {
    expect(await to({ nodePorts: { [port]: standIn } })).toMatchObject({ success: true });
    await untilAnswers(standIn, 'here');
    await untilAnswers(port, undefined);
    const namespace = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: environment });
    expect(namespace?.metadata.labels?.['pod-security.kubernetes.io/enforce']).toBe('restricted');
  });

  it('waits at a load balancer by its very number, and the node port is gone', async () => {
    expect(await to({ exposure: 'load-balancer' })).toMatchObject({ success: true });
    expect((await service('web-loadbalancer'))?.spec).toMatchObject({
      type: 'LoadBalancer',
      ports: [{ name: 'http', port }],
    });
    expect(await service('web-nodeport')).toBeUndefined();
    await untilAnswers(standIn, undefined);
  });
});
