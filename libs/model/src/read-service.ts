import { checkDocument, type Finding } from './check-document';
import type { PathStep } from './json-path';
import { checkNodeFolders } from './node-folders';
import { readHealth } from './read-health';
import type { Port, Service, ServiceSource } from './service';
import type { SecretDocument, ServiceDocument } from './service-document';

/** Kubernetes gives an object of a StatefulSet's pods the name and 11 characters more as a label of at most 63. */
const LONGEST_NAME = 52;

/** Share of requests that may fail. */
const ERROR_RATIO = 0.05;

/**
 * The service that a document describes, with every default filled in, or what is wrong with it.
 * Used for service.json and again when env.json has been laid over it.
 */
export function readService(
  document: unknown,
  name: string,
  root: string,
  source: ServiceSource,
): { service?: Service; findings: Finding[] } {
  const findings = [...checkName(name), ...checkDocument(document, 'service')];
  if (findings.length) return { findings };
  const written = document as ServiceDocument;
  const ports = (written.ports ?? []).map((port): Port => ({
    name: port.name,
    port: port.port,
    appProtocol: port.appProtocol ?? 'http',
    public: port.public ?? false,
    ...(port.nodePort !== undefined && { nodePort: port.nodePort }),
  }));
  const health = written.health && readHealth(written.health, ports, findings);
  const resources = { cpu: written.resources?.cpu ?? '100m', memory: written.resources?.memory ?? '128Mi' };
  const max = written.scale?.max;
  const service: Service = {
    name,
    root,
    ports,
    ...(health && { health }),
    scale: {
      min: written.scale?.min ?? 1,
      ...(max !== undefined && { max, cpu: written.scale?.cpu ?? 80 }),
    },
    resources,
    needs: written.needs ?? [],
    env: written.env ?? {},
    ...readSecrets(written.secrets ?? []),
    volumes: (written.volumes ?? []).map(({ name, path, size }) => ({ name, path, size })),
    ...(written.command && { command: written.command }),
    user: written.user ?? 1000,
    writable: written.writable ?? [],
    nodeFolders: (written.nodeFolders ?? []).map(({ folder, path }) => ({ folder, path })),
    ...(written.image !== undefined && { image: written.image }),
    ...(written.orchestrators && { orchestrators: written.orchestrators }),
    proxy: written.proxy ?? {},
    alerts: { errors: ERROR_RATIO, ...written.alerts },
    sidecars: (written.sidecars ?? []).map((sidecar) => ({
      name: sidecar.name,
      command: sidecar.command,
      env: sidecar.env ?? {},
      resources: { ...resources, ...sidecar.resources },
    })),
    apiAccess: written.apiAccess ?? false,
    ...(written.apiReader && { apiReader: written.apiReader }),
    ...(written.taskRole !== undefined && { taskRole: written.taskRole }),
    source,
  };
  findings.push(
    ...checkPorts(service, written),
    ...checkScale(written),
    ...checkVariables(service),
    ...checkFolders(service),
    ...checkNodeFolders(service),
    ...checkContainers(service),
    ...checkApiReader(service),
    ...checkImage(service),
  );
  return findings.length ? { findings } : { service, findings };
}

function readSecrets(
  written: readonly (string | SecretDocument)[],
): Pick<Service, 'secrets' | 'secretOrchestrators'> {
  const some = written.filter((secret) => typeof secret !== 'string');
  return {
    secrets: written.map((secret) => (typeof secret === 'string' ? secret : secret.name)),
    ...(some.length > 0 && {
      secretOrchestrators: Object.fromEntries(some.map((secret) => [secret.name, secret.orchestrators])),
    }),
  };
}

function checkName(name: string): Finding[] {
  const expected = `must be at most ${LONGEST_NAME} lower-case letters, digits and hyphens, with a letter first and no hyphen last`;
  return name.length <= LONGEST_NAME && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)
    ? []
    : [{ path: [], message: `the service's name ${expected}, not "${name}"`, hint: 'rename the project' }];
}

function checkPorts(service: Service, written: ServiceDocument): Finding[] {
  const findings: Finding[] = [];
  findings.push(
    ...repeated(
      service.ports.map((port) => port.name),
      (index) => ['ports', index, 'name'],
    ),
  );
  findings.push(
    ...repeated(
      service.ports.map((port) => port.port),
      (index) => ['ports', index, 'port'],
    ),
  );
  service.ports.forEach((port, index) => {
    if (port.public && port.appProtocol === 'tcp') {
      findings.push({
        path: ['ports', index, 'public'],
        message:
          'must be false for tcp: the gateway tells services apart by host name, which plain TCP does not send',
      });
    }
    if (port.name === 'web80') {
      findings.push({
        path: ['ports', index, 'name'],
        message: 'must not be web80, the name of the port 80 that Berth adds',
      });
    }
  });
  const isPublic = service.ports.some((port) => port.public);
  return isPublic ? findings : [...findings, ...withoutEffect(written)];
}

/** What only those who come through the gateway would notice. */
function withoutEffect(written: ServiceDocument): Finding[] {
  return (['proxy', 'alerts'] as const)
    .filter((field) => Object.keys(written[field] ?? {}).length > 0)
    .map((field) => ({
      path: [field],
      message: 'has no effect without a public port',
      hint: 'add "public": true to a port',
    }));
}

function checkScale(written: ServiceDocument): Finding[] {
  const { min = 1, max, cpu } = written.scale ?? {};
  if (max === undefined) {
    return cpu === undefined ? [] : [{ path: ['scale', 'cpu'], message: 'has no effect without scale.max' }];
  }
  const findings: Finding[] = [];
  if (max < min)
    findings.push({ path: ['scale', 'max'], message: `must be at least scale.min (${min}), not ${max}` });
  if (min < 1)
    findings.push({ path: ['scale', 'min'], message: `must be at least 1 with an autoscaler, not ${min}` });
  return findings;
}

function checkVariables(service: Service): Finding[] {
  const inBoth = service.secrets.flatMap((secret, index) =>
    Object.hasOwn(service.env, secret)
      ? [{ path: ['secrets', index], message: `"${secret}" is in env too; a variable comes from one place` }]
      : [],
  );
  return [...inBoth, ...repeated(service.secrets, (index) => ['secrets', index])];
}

/** A folder is mounted once. */
function checkFolders(service: Service): Finding[] {
  const folders = [
    ...service.volumes.map((volume, index) => ({ folder: volume.path, path: ['volumes', index, 'path'] })),
    ...service.writable.map((folder, index) => ({ folder, path: ['writable', index] })),
    ...service.nodeFolders.map(({ path: folder }, index) => ({
      folder,
      path: ['nodeFolders', index, 'path'],
    })),
  ];
  const seen = new Set<string>();
  return folders.flatMap(({ folder, path }) => {
    if (seen.has(folder)) return [{ path, message: `"${folder}" is mounted twice` }];
    seen.add(folder);
    return [];
  });
}

function checkContainers(service: Service): Finding[] {
  const findings = repeated(
    service.volumes.map((volume) => volume.name),
    (index) => ['volumes', index, 'name'],
  );
  service.volumes.forEach((volume, index) => {
    if (/^writable-[0-9]+$/.test(volume.name)) {
      findings.push({
        path: ['volumes', index, 'name'],
        message: 'must not be writable-<number>: those are the writable folders',
      });
    }
  });
  const names = [service.name, ...service.sidecars.map((sidecar) => sidecar.name)];
  findings.push(...repeated(names, (index) => ['sidecars', index - 1, 'name']));
  return findings;
}

function checkApiReader({ apiAccess, apiReader }: Service): Finding[] {
  if (apiReader === undefined || apiAccess) return [];
  return [{ path: ['apiReader'], message: 'has no effect without apiAccess', hint: 'add "apiAccess": true' }];
}

function checkImage(service: Service): Finding[] {
  if (service.image === undefined || service.image.includes('@sha256:')) return [];
  const tag = /:([^/:]+)$/.exec(service.image)?.[1];
  if (tag !== undefined && tag !== 'latest') return [];
  return [
    {
      path: ['image'],
      message: `must name a tag other than latest, or a digest, not "${service.image}": what runs must not change by itself`,
    },
  ];
}

function repeated(values: readonly (string | number)[], path: (index: number) => PathStep[]): Finding[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) < index
      ? [{ path: path(index), message: `${JSON.stringify(value)} is there twice` }]
      : [],
  );
}
