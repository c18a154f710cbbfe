import type { Service } from '@berth/model';
import type { ManifestObject } from '../object';
import { securityGroup } from './network';
import { logicalId, TASKS_GROUP_ID } from './names';
import { attribute, ref, resource } from './resource';
import type { StackContext } from './stack-context';

const VOLUMES_GROUP_ID = 'VolumeSecurityGroup';
/** NFS, which EFS speaks. */
const NFS_PORT = 2049;

/** What all volumes of an environment have in common; nothing where there are none. */
export function renderVolumesGroup(context: StackContext): ManifestObject[] {
  if (!context.services.some(({ volumes }) => volumes.length > 0)) return [];
  return [
    securityGroup(context, VOLUMES_GROUP_ID, `Volumes of the environment ${context.environment.name}`),
    resource(context, 'AWS::EC2::SecurityGroupIngress', 'VolumeIngressFromTasks', {
      GroupId: attribute(VOLUMES_GROUP_ID, 'GroupId'),
      SourceSecurityGroupId: attribute(TASKS_GROUP_ID, 'GroupId'),
      IpProtocol: 'tcp',
      FromPort: NFS_PORT,
      ToPort: NFS_PORT,
      Description: 'From tasks of the same environment',
    }),
  ];
}

/**
 * A file system of EFS for a service, with a folder for each of its volumes that belongs to the service's user. It grows
 * with what is in it: a volume's size is no limit. It outlives the service in the stack, as volumes do everywhere.
 */
export function renderVolumes(context: StackContext, service: Service): ManifestObject[] {
  if (service.volumes.length === 0) return [];
  const of = { ...context, service };
  const fileSystem = fileSystemId(service);
  return [
    resource(
      of,
      'AWS::EFS::FileSystem',
      fileSystem,
      {
        Encrypted: true,
        BackupPolicy: { Status: 'ENABLED' },
        FileSystemTags: [{ Key: 'Name', Value: `${context.environment.name}/${service.name}` }],
      },
      { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Retain' },
    ),
    ...context.settings.subnets.map((SubnetId, index) =>
      resource(of, 'AWS::EFS::MountTarget', mountTargetId(service, index), {
        FileSystemId: ref(fileSystem),
        SubnetId,
        SecurityGroups: [attribute(VOLUMES_GROUP_ID, 'GroupId')],
      }),
    ),
    ...service.volumes.map(({ name }) =>
      resource(of, 'AWS::EFS::AccessPoint', accessPointId(service, name), {
        FileSystemId: ref(fileSystem),
        PosixUser: { Uid: String(service.user), Gid: String(service.user) },
        RootDirectory: {
          Path: `/${name}`,
          CreationInfo: {
            OwnerUid: String(service.user),
            OwnerGid: String(service.user),
            Permissions: '0700',
          },
        },
      }),
    ),
  ];
}

/** The volumes of a task: those that stay, and folders that are emptied with it. */
export function taskVolumes(service: Service): Record<string, unknown>[] {
  return [
    ...service.volumes.map(({ name }) => ({
      Name: name,
      EFSVolumeConfiguration: {
        FilesystemId: ref(fileSystemId(service)),
        TransitEncryption: 'ENABLED',
        AuthorizationConfig: { AccessPointId: ref(accessPointId(service, name)), IAM: 'DISABLED' },
      },
    })),
    ...service.writable.map((_path, index) => ({ Name: `writable-${index}` })),
  ];
}

/** Logical ids of what must be there before a task mounts its volumes. */
export function mountTargetIds({ settings }: StackContext, service: Service): string[] {
  return service.volumes.length
    ? settings.subnets.map((_subnet, index) => mountTargetId(service, index))
    : [];
}

function fileSystemId({ name }: Service): string {
  return logicalId(name, 'file', 'system');
}

function mountTargetId({ name }: Service, index: number): string {
  return logicalId(name, 'mount', 'target', String(index));
}

function accessPointId({ name }: Service, volume: string): string {
  return logicalId(name, volume, 'access', 'point');
}
