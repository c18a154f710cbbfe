import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Cluster } from '@berth/model';
import { fakeMachine } from '../machine/fake-machine';
import { credentialsStep, writeCredentials } from './credentials';

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
const base64 = (text: string) => Buffer.from(text).toString('base64');

function machineWithControlPlane() {
  const machine = fakeMachine();
  mkdirSync(machine.paths.kubernetes, { recursive: true });
  const admin = {
    clusters: [
      {
        name: 'kubernetes',
        cluster: { server: 'https://10.123.0.1:6443', 'certificate-authority-data': base64('ca') },
      },
    ],
    users: [
      {
        name: 'admin',
        user: { 'client-certificate-data': base64('certificate'), 'client-key-data': base64('key') },
      },
    ],
  };
  writeFileSync(join(machine.paths.kubernetes, 'admin.conf'), stringify(admin));
  return machine;
}

describe('credentials', () => {
  it('are written where cluster.json says, under its context, for the owner only', async () => {
    const machine = machineWithControlPlane();
    const step = credentialsStep(machine, cluster, machine.root);
    expect(await step.done()).toBe(false);
    await step.run(() => undefined);
    expect(await step.done()).toBe(true);
    const path = join(machine.root, cluster.kubeconfig);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(parse(readFileSync(path, 'utf8'))).toMatchObject({
      'current-context': 'berth-local',
      clusters: [
        { cluster: { server: 'https://10.123.0.1:6443', 'certificate-authority-data': base64('ca') } },
      ],
      contexts: [{ name: 'berth-local' }],
    });
  });

  it('name the command that makes the cluster, when there is none', async () => {
    const machine = fakeMachine();
    await expect(writeCredentials(machine, cluster, machine.root)).rejects.toThrow(
      'there is no cluster local on this machine',
    );
  });
});
