import type { DockerClient } from './docker/client';
import type { DockerService } from './docker/objects';
import { refuseFarVolumes, refuseForeign, refuseForeignStack } from './not-ours';

/** A dockerd that answers these questions. */
function dockerd(answers: Readonly<Record<string, unknown>>): DockerClient {
  const asked = async (path: string) => {
    if (path in answers) return answers[path];
    throw new Error(`${path} need not be asked`);
  };
  return { get: asked, address: 'unix:///d.sock', docker: 'docker' } as unknown as DockerClient;
}

function service(name: string, pinned?: string, mount = 'volume'): DockerService {
  return {
    ID: name,
    Version: { Index: 1 },
    CreatedAt: '',
    UpdatedAt: '',
    Spec: {
      Name: `pr-1_${name}`,
      Mode: { Replicated: { Replicas: 1 } },
      TaskTemplate: {
        ContainerSpec: { Mounts: [{ Type: mount }] },
        Placement: { Constraints: pinned === undefined ? [] : [`node.id==${pinned}`] },
      },
    },
  };
}

it('what bears the environment’s label without that of Berth keeps all of it', () => {
  const ours = { Name: 'pr-1_web', Labels: { 'app.kubernetes.io/managed-by': 'berth' } };
  expect(() => refuseForeign(dockerd({}), 'pr-1', [ours])).not.toThrow();
  const theirs = [{ Name: 'b', Labels: null }, { Name: 'a' }, { Name: 'b', Labels: {} }];
  expect(() => refuseForeign(dockerd({}), 'pr-1', [ours, ...theirs])).toThrow(
    'pr-1 has what Berth did not make: a, b. Nothing was removed.',
  );
});

it('a stack of somebody else’s is no environment', async () => {
  await expect(refuseForeignStack(dockerd({ '/services': [] }), 'pr-1')).resolves.toBeUndefined();
  await expect(refuseForeignStack(dockerd({ '/services': [service('web')] }), 'pr-1')).rejects.toMatchObject({
    message: expect.stringContaining('The stack pr-1 was not made by Berth'),
    hint: expect.stringContaining('docker stack rm pr-1'),
  });
});

describe('volumes', () => {
  const nodes = [
    { ID: 'one', Description: { Hostname: 'desk' }, Status: { State: 'ready' } },
    { ID: 'two', Description: { Hostname: 'shelf' }, Status: { State: 'down' } },
  ];
  const refuse = (...services: DockerService[]) =>
    refuseFarVolumes(dockerd({ '/nodes': nodes }), 'pr-1', services, 'one');

  it('on another node keep all of the environment, even while that is down', async () => {
    await expect(refuse(service('store', 'two'), service('cache', 'one'))).rejects.toThrow(
      'pr-1 has volumes on other nodes than unix:///d.sock: pr-1_store on shelf. Nothing was removed.',
    );
  });

  it('are gone with a node that has left the Swarm', async () => {
    await expect(refuse(service('store', 'three'))).resolves.toBeUndefined();
  });

  it('are on this node where nothing else is said, and then no node need be asked for', async () => {
    const services = [service('web'), service('store', 'one'), service('tmp', 'two', 'tmpfs')];
    await expect(refuseFarVolumes(dockerd({}), 'pr-1', services, 'one')).resolves.toBeUndefined();
  });
});
