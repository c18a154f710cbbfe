import type { SwarmService } from '@berth/manifests';
import { UserError } from '@berth/model';
import { ENVIRONMENT_LABEL } from '@berth/manifests';
import type { DockerClient } from './docker/client';
import { filters, type DockerVolume } from './docker/objects';
import { managedByLabel } from './names';
import type { RegistryLogins } from './registry-logins';

/** Where the volume is in the container that only serves to give it its owner. */
const place = 'berth-volume';

/**
 * Makes the volumes of a service that are not there yet, on the node whose dockerd we talk to, and gives them to the
 * service's user. Docker makes a volume root's, whom no service runs as, unless the image has the folder; on Kubernetes
 * the kubelet does this (fsGroup). The owner comes out of an archive that is put into a container that never starts, so
 * nothing of ours runs as root, and no program of the image is needed.
 */
export async function makeVolumes(
  client: DockerClient,
  { spec }: SwarmService,
  logins: RegistryLogins,
  onNotice: (message: string) => void = () => undefined,
): Promise<void> {
  const [uid = '0', gid = uid] = spec.Container.User.split(':');
  for (const { Type, Source, VolumeOptions } of spec.Container.Mounts) {
    if (Type !== 'volume' || Source === undefined) continue;
    if (await client.find(`/volumes/${Source}`)) continue;
    onNotice(`Making the volume ${Source} for user ${uid}`);
    await pull(client, spec.Container.Image, logins);
    await client.post('/volumes/create', {
      body: { Name: Source, Labels: { ...VolumeOptions?.Labels, [managedByLabel]: 'berth' } },
    });
    try {
      await giveTo(client, Source, spec.Container.Image, { uid: Number(uid), gid: Number(gid) });
    } catch (error) {
      // One that is root's would be taken for ready by the next deploy.
      await client.delete(`/volumes/${Source}`).catch(() => undefined);
      throw error;
    }
  }
}

/** The volumes of an environment on the node whose dockerd we talk to. */
export async function listVolumes(client: DockerClient, environment: string): Promise<DockerVolume[]> {
  const query = { filters: filters({ label: [`${ENVIRONMENT_LABEL}=${environment}`] }) };
  const { Volumes } = await client.get<{ Volumes: DockerVolume[] | null }>('/volumes', { query });
  return Volumes ?? [];
}

async function pull(client: DockerClient, image: string, logins: RegistryLogins): Promise<void> {
  if (await client.find(`/images/${image}/json`)) return;
  const answer = await client.post<{ error?: string }>('/images/create', {
    query: { fromImage: image },
    headers: await logins.headerFor(image),
    patient: true,
  });
  if (answer?.error !== undefined)
    throw new UserError(
      `dockerd at ${client.address} cannot pull ${image}: ${answer.error}`,
      `See why: ${client.docker} pull ${image}`,
    );
}

async function giveTo(client: DockerClient, volume: string, image: string, owner: Owner): Promise<void> {
  const { Id } = await client.post<{ Id: string }>('/containers/create', {
    body: {
      Image: image,
      Entrypoint: ['nothing'],
      HostConfig: {
        NetworkMode: 'none',
        // `nocopy`: what the image has there is not the service's data.
        Mounts: [{ Type: 'volume', Source: volume, Target: `/${place}`, VolumeOptions: { NoCopy: true } }],
      },
    },
  });
  try {
    await client.put(`/containers/${Id}/archive`, { query: { path: '/' }, body: archiveOf(place, owner) });
  } finally {
    await client.delete(`/containers/${Id}`, { query: { force: true } });
  }
}

interface Owner {
  uid: number;
  gid: number;
}

/** A tar archive (POSIX ustar) of one empty folder that belongs to `owner` and only its group may write besides. */
export function archiveOf(folder: string, { uid, gid }: Owner): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  block.write(`${folder}/`, 0);
  block.write(octal(0o770, 8), 100);
  block.write(octal(uid, 8), 108);
  block.write(octal(gid, 8), 116);
  block.write(octal(0, 12), 124);
  block.write(octal(0, 12), 136);
  // The checksum counts itself as blanks.
  block.write(' '.repeat(8), 148);
  block.write('5', 156);
  block.write('ustar\0' + '00', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([block, Buffer.alloc(1024)]);
}
