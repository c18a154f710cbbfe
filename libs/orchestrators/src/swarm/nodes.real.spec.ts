import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deploy } from '@berth/deploy';
import { Daemon, ProcessRunner, type Runner } from '@berth/exec';
import { until } from '@berth/exec/src/testing-until';
import { loginOf, TestRegistries } from '@berth/registry/src/testing-registries';
import type { TestRegistry } from '@berth/registry/src/testing-registry';
import { serverPort } from '../contract/server';
import { nodeImage } from '../contract/testing-node-image';
import { DockerClient } from './docker/client';
import type { DockerNode, DockerTask } from './docker/objects';
import { shortName } from './health';
import { SwarmOrchestrator, type SwarmOptions } from './orchestrator';
import { readState } from './read-state';
import { readSwarm } from './report';
import { swarmObjects } from './testing-models';
import { TestSwarmNodes, type TestNode } from './testing-swarm-nodes';
import { askContainer } from './testing-tasks';

jest.setTimeout(180_000);

const pause = 'localhost:5000/pause:3.10.1';
const ports = [{ name: 'http', port: serverPort }];

let registries: TestRegistries;
let locked: TestRegistry;
let swarm: TestSwarmNodes;
let node: string;
let [first, second, third]: TestNode[] = [];

beforeAll(async () => {
  [node, registries] = await Promise.all([nodeImage(), TestRegistries.start()]);
  locked = await registries.start({ name: 'locked', auth: registries.htpasswd });
  const ports = [5000, registries.open.port, locked.port];
  swarm = await TestSwarmNodes.start(['one', 'two', 'three'], { managers: 2, ports });
  [first, second, third] = swarm.nodes;
});
afterAll(async () => {
  await swarm?.stop();
  await registries?.stop();
});

const at = (machine: TestNode | undefined) => swarm.client(machine!);
const targetAt = (machine: TestNode | undefined, options: Partial<SwarmOptions> = {}) =>
  new SwarmOrchestrator(at(machine), { holder: 'nodes@test', command: async () => [], ...options });

function run(name: string, documents: Record<string, object>, target = targetAt(first)) {
  return deploy(target, {
    environment: name,
    render: () => swarmObjects(name, node, documents),
    images: { resolve: async () => ({}), build: async () => ({}) },
    needs: {},
    author: 'nodes@test',
    timeoutMs: 90_000,
  });
}

/** The nodes on which tasks of a service run, by name order. */
async function nodesOf(machine: TestNode | undefined, environment: string, service: string) {
  const { services } = await targetAt(machine).status(environment);
  const found = services.find(({ name }) => name === service);
  return (found?.pods ?? [])
    .filter(({ ready }) => ready)
    .map((pod) => pod.node)
    .sort();
}

/** Asks from inside of each task of a service, by the dockerd of its own node. */
async function askFromEach(machine: TestNode, environment: string, service: string, url: string) {
  const { services, tasks, nodes } = await readState(at(machine), environment);
  const id = services.find((each) => shortName(each) === service)?.ID;
  const running = tasks.filter(({ ServiceID, Status }) => ServiceID === id && Status.State === 'running');
  const machineOf = ({ NodeID }: DockerTask) =>
    swarm.node(nodes.find(({ ID }) => ID === NodeID)?.Description?.Hostname ?? '');
  return Promise.all(
    running.map((task) =>
      askContainer(at(machineOf(task)), task.Status.ContainerStatus?.ContainerID ?? '', url),
    ),
  );
}

/** Puts an image into the registry that asks for a login. @returns its reference by digest */
async function putLocked(repository: string): Promise<string> {
  const docker = at(first);
  await docker.post('/images/create', { query: { fromImage: pause }, patient: true });
  const name = `${registries.open.host}/${repository}`;
  await docker.post(`/images/${pause}/tag`, { query: { repo: name, tag: '1' } });
  const { aux } = await docker.post<{ aux: { Digest: string } }>(`/images/${name}/push`, {
    query: { tag: '1' },
    headers: { 'X-Registry-Auth': Buffer.from('{}').toString('base64') },
    patient: true,
  });
  return `${locked.host}/${repository}@${aux.Digest}`;
}

const login = { credentials: loginOf({ user: 'ana', password: 'pa:ss' }) };

it('has every node pull an image by its digest, with the login of who deploys, and spreads tasks', async () => {
  const image = await putLocked('ana/one');
  await run('pulled', { one: { image, command: undefined, scale: { min: 3 } } }, targetAt(first, login));
  expect(await nodesOf(first, 'pulled', 'one')).toEqual(['one', 'three', 'two']);
  for (const machine of swarm.nodes)
    expect(await at(machine).get(`/images/${image}/json`)).toMatchObject({
      RepoDigests: expect.arrayContaining([image]),
    });
  await targetAt(first).destroy('pulled');
});

it('says that an image needs a login, and takes the one of who deploys next', async () => {
  const image = await putLocked('ana/two');
  const documents = { one: { image, command: undefined } };
  await expect(run('locked', documents)).rejects.toThrow(/there is no image .*no basic auth credentials/s);
  const { changes } = await run('locked', documents, targetAt(first, login));
  expect(changes.map(({ action }) => action)).toEqual(['same', 'same', 'same']);
  expect(await nodesOf(first, 'locked', 'one')).toHaveLength(1);
  await targetAt(first).destroy('locked');
});

it('leads a name to tasks on other nodes, and gives the log lines of all of them', async () => {
  await run('mesh', { client: { ports, scale: { min: 3 } }, store: { ports } });
  expect(await nodesOf(first, 'mesh', 'client')).toEqual(['one', 'three', 'two']);
  const url = `http://store:${serverPort}`;
  expect(
    await askFromEach(
      first!,
      'mesh',
      'client',
      `http://127.0.0.1:${serverPort}/ask?url=${encodeURIComponent(url)}`,
    ),
  ).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ self: 'mesh/store' })));
  const said = new Set<string>();
  await targetAt(second).logs('mesh', {
    services: ['client'],
    onLine: ({ pod, text }) => void (text.includes('listening') && said.add(pod)),
  });
  expect(said.size).toBe(3);
});

describe('a dockerd that asks for certificates', () => {
  const refusalOf = (certificates: string, address = first!.docker) => {
    const client = new DockerClient({ address, certificates });
    return new SwarmOrchestrator(client, { holder: 'nodes@test', command: async () => [] })
      .status('mesh')
      .then(() => 'no refusal', String)
      .finally(() => client.close());
  };

  it('is not believed when another authority has signed it', async () => {
    const { folder } = await swarm.strangers('strangers');
    expect(await refusalOf(folder)).toContain(`shows a certificate that ${folder}/ca.pem has not signed`);
  });

  it('says that it does not take a certificate of another authority', async () => {
    const { folder } = await swarm.strangers('half-strangers');
    await new ProcessRunner().run(['cp', join(swarm.certificates, 'ca.pem'), join(folder, 'ca.pem')]);
    expect(await refusalOf(folder)).toContain(`does not take ${folder}/cert.pem`);
  });

  it('is not believed under another name than its own', async () => {
    const way = createServer((one) => {
      const other = connect(2376, first!.address);
      one.pipe(other).pipe(one);
      for (const socket of [one, other]) socket.on('error', () => one.destroy());
    });
    await new Promise<void>((listening) => way.listen(0, '127.0.0.1', listening));
    const address = `tcp://127.0.0.1:${(way.address() as AddressInfo).port}`;
    expect(await refusalOf(swarm.certificates, address)).toContain('shows a certificate for other names');
    await new Promise((closed) => way.close(closed));
  });

  it('that is not there is refused as such', async () => {
    expect(await refusalOf(swarm.certificates, first!.docker.replace(/\d+$/, '2374'))).toMatch(
      /does not answer: ECONNREFUSED/,
    );
  });

  it('says of a worker what to name instead', async () => {
    await expect(targetAt(third).status('mesh')).rejects.toThrow(/is a worker of a Swarm/);
  });
});

const sshd = '/usr/sbin/sshd';
const bySsh = existsSync(sshd) ? describe : describe.skip;

bySsh(`by ssh${existsSync(sshd) ? '' : ' (skipped: openssh-server is not installed)'}`, () => {
  const daemons: Daemon[] = [];
  const file = (name: string) => join(swarm.folder, name);
  const runner = new ProcessRunner();
  /** Cuts the connection that was opened last. */
  let cut = new AbortController();
  /** ssh of this machine, with a configuration of its own. */
  const ssh: Runner = {
    run: ([program = '', ...argv], options = {}) => {
      cut = new AbortController();
      const signals = [cut.signal, ...(options.signal ? [options.signal] : [])];
      return runner.run([program, '-F', file('ssh_config'), ...argv], {
        ...options,
        signal: AbortSignal.any(signals),
      });
    },
  };
  const open = async (address: string, use: (target: SwarmOrchestrator) => Promise<void>) => {
    const client = new DockerClient({ address, runner: ssh });
    await use(new SwarmOrchestrator(client, { holder: 'nodes@test', command: async () => [] }));
    client.close();
  };

  beforeAll(async () => {
    for (const name of ['id', 'host_key'])
      await runner.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
    writeFileSync(file('known_hosts'), `swarm ${readFileSync(file('host_key.pub'), 'utf8')}`);
    const lines = [
      'User root',
      'HostKeyAlias swarm',
      `IdentityFile ${file('id')}`,
      `UserKnownHostsFile ${file('known_hosts')}`,
      'IdentitiesOnly yes',
    ];
    writeFileSync(file('ssh_config'), `${lines.join('\n')}\n`);
    const settings = [
      `HostKey ${file('host_key')}`,
      `AuthorizedKeysFile ${file('id.pub')}`,
      ...['StrictModes no', 'UsePAM no', 'PidFile none', 'PermitRootLogin prohibit-password'],
    ];
    writeFileSync(file('sshd_config'), `${settings.join('\n')}\n`);
    for (const more of [
      ['-p', '22'],
      ['-p', '2222', '-o', 'AllowStreamLocalForwarding=no'],
    ]) {
      const argv = [...swarm.inside(first!), sshd, '-D', '-e', '-f', file('sshd_config'), ...more];
      const asked = ['ssh', '-o', 'BatchMode=yes', '-p', more[1]!, first!.address, 'true'];
      const answers = () =>
        ssh.run(asked).then(
          () => true,
          () => false,
        );
      daemons.push(await Daemon.start('sshd', argv, answers));
    }
  });
  afterAll(async () => {
    for (const daemon of daemons) await daemon.stop();
  });

  it('is asked like any other, and by a new connection when one is lost', () =>
    open(`ssh://root@${first!.address}`, async (target) => {
      expect((await target.status('mesh')).services).toHaveLength(2);
      cut.abort();
      expect((await target.status('mesh')).services).toHaveLength(2);
    }));

  it('says what may keep dockerd from being reached there, as an sshd that forwards no sockets', () =>
    open(`ssh://root@${first!.address}:2222`, async (target) => {
      await expect(target.status('mesh')).rejects.toMatchObject({
        message: expect.stringContaining('or sshd forwards no sockets (open failed'),
        hint: expect.stringContaining('AllowStreamLocalForwarding'),
      });
    }));

  it('takes no host whose key is not known', async () => {
    writeFileSync(file('known_hosts'), '');
    await open(`ssh://root@${first!.address}`, async (target) => {
      await expect(target.status('mesh')).rejects.toThrow(/No way to dockerd on .*its host key is not known/);
    });
  });
});

describe('when the node that leads loses its power', () => {
  type Manager = DockerNode & { ManagerStatus?: { Leader?: boolean; Reachability?: string } };
  const managers = async (machine: TestNode | undefined) =>
    (await at(machine).get<Manager[]>('/nodes')).filter(({ ManagerStatus }) => ManagerStatus);
  const data = { keeper: { volumes: [{ name: 'data', path: '/data', size: '1Mi' }], user: 4321 } };
  const stateOf = async (environment: string) =>
    (await targetAt(second).status(environment)).services.map(({ health }) => health);

  it('its tasks run elsewhere, and each other manager says what is so', async () => {
    const all = await at(first).get<DockerNode[]>('/nodes');
    const { ID, Version, Spec } = all.find(({ Description }) => Description?.Hostname === 'three')!;
    const query = { version: Version.Index };
    await at(first).post(`/nodes/${ID}/update`, { query, body: { ...Spec, Role: 'manager' } });
    const reachable = (found: Manager[]) =>
      found.length === 3 && found.every(({ ManagerStatus }) => ManagerStatus?.Reachability === 'reachable');
    const found = await until(() => managers(first), reachable, 60_000);
    expect(found.find(({ ManagerStatus }) => ManagerStatus?.Leader)?.Description?.Hostname).toBe('one');
    await run('data', data);

    await swarm.cutPower(first!);
    await until(
      () => stateOf('mesh'),
      ([client]) => client?.message === 'its node one does not answer',
      60_000,
      250,
    );
    await until(
      () => stateOf('mesh'),
      (states) => states.every(({ state }) => state === 'healthy'),
      120_000,
      250,
    );
    expect(await nodesOf(second, 'mesh', 'client')).toEqual(expect.not.arrayContaining(['one']));
    const { nodes } = await readSwarm(at(second));
    expect(nodes.map(({ name, ready }) => [name, ready])).toEqual([
      ['one', false],
      ['three', true],
      ['two', true],
    ]);
    const [keeper] = await until(
      () => stateOf('data'),
      ([only]) => only?.state === 'hopeless',
      60_000,
    );
    expect(keeper).toMatchObject({
      ready: 0,
      wanted: 1,
      message: expect.stringContaining('no node takes it'),
    });
    const { docker: address } = first!;
    const client = new DockerClient({ address, certificates: swarm.certificates });
    const asked = new SwarmOrchestrator(client, { holder: 'nodes@test', command: async () => [] });
    await expect(asked.status('mesh')).rejects.toMatchObject({
      message: expect.stringMatching(/does not answer: E(HOSTUNREACH|TIMEDOUT)/),
      hint: expect.stringContaining('any other manager of the same Swarm serves as well'),
    });
    client.close();
  });

  it('is deployed to by another manager, which tells of what only the lost node could run', async () => {
    await run('mesh', { client: { ports, scale: { min: 2 } }, store: { ports } }, targetAt(second));
    expect(await nodesOf(second, 'mesh', 'client')).toHaveLength(2);
    await expect(run('data', data, targetAt(second))).rejects.toThrow(/no node takes it/);
    const said: string[] = [];
    await targetAt(second).logs('mesh', { onLine: ({ text }) => void said.push(text) });
    expect(said.join('\n')).toContain('listening as mesh/client');
  });

  it('takes the node back with its power, and runs on it what is its own', async () => {
    await swarm.powerOn(first!);
    await until(
      () => readSwarm(at(second)),
      ({ nodes }) => nodes.every(({ ready }) => ready),
      60_000,
    );
    // Where other tasks go is Swarm's own choice, which may pass over a node that was lost a moment ago.
    await until(
      () => stateOf('data'),
      ([keeper]) => keeper?.state === 'healthy',
      60_000,
    );
    expect(await nodesOf(first, 'data', 'keeper')).toEqual(['one']);
  });

  it('is told of managers that are too few to choose a leader', async () => {
    await Promise.all([first, third].map((machine) => swarm.cutPower(machine!)));
    const refusal = () =>
      targetAt(second)
        .status('mesh')
        .then(() => 'answered', String);
    // The last connections to the one that led have to be given up first.
    await until(refusal, (said) => said.includes('has no leader'), 150_000);
  });
});
