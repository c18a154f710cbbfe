import type { Finding } from './check-document';
import type { Cluster, EksSettings, GkeSettings, NodeNumbers, ProviderName } from './cluster';

/** The fields of a cluster.json that only some providers have. */
export interface ProviderFields {
  hosts?: string[];
  project?: string;
  zone?: string;
  region?: string;
  machineType?: string;
  machineTypes?: string[];
  nodes?: number;
  minNodes?: number;
  maxNodes?: number;
  autopilot?: boolean;
  releaseChannel?: GkeSettings['releaseChannel'];
  dockerHubMirror?: boolean;
  gcloud?: GkeSettings['gcloud'];
  profile?: string;
  version?: string;
  subnets?: string[];
}

const owners: Readonly<Record<keyof ProviderFields, readonly ProviderName[]>> = {
  hosts: ['bare-metal'],
  project: ['gke'],
  zone: ['gke'],
  region: ['gke', 'eks'],
  machineType: ['gke'],
  machineTypes: ['eks'],
  nodes: ['gke', 'eks'],
  minNodes: ['gke', 'eks'],
  maxNodes: ['gke', 'eks'],
  autopilot: ['gke'],
  releaseChannel: ['gke'],
  dockerHubMirror: ['gke'],
  gcloud: ['gke'],
  profile: ['eks'],
  version: ['eks'],
  subnets: ['eks'],
};

/** What a provider takes in place of a field of another's. */
const instead: Readonly<Partial<Record<ProviderName, Partial<Record<keyof ProviderFields, string>>>>> = {
  gke: { machineTypes: 'write "machineType", with one type', version: 'choose a "releaseChannel"' },
  eks: { machineType: 'write "machineTypes", with a list', zone: 'write "region"' },
};

/** What is wrong with the fields of a cluster.json whose values are well one by one. */
export function checkProviderFields(provider: ProviderName, written: ProviderFields): Finding[] {
  const foreign = Object.entries(owners).flatMap(([name, of]): Finding[] => {
    const field = name as keyof ProviderFields;
    // A cluster that was made elsewhere may name its machines.
    if (
      written[field] === undefined ||
      of.includes(provider) ||
      (field === 'hosts' && !written.hosts?.length)
    )
      return [];
    const hint = instead[provider]?.[field] ?? 'remove it';
    return [{ path: [field], message: `is a field of ${of.join(' and ')}, not of ${provider}`, hint }];
  });
  if (provider === 'gke') return [...foreign, ...checkGke(written)];
  if (provider === 'eks') return [...foreign, ...checkEks(written)];
  return foreign;
}

function checkGke({ project, zone, region, autopilot, ...written }: ProviderFields): Finding[] {
  const findings: Finding[] = [];
  if (project === undefined)
    findings.push({
      path: ['project'],
      message: 'is missing',
      hint: 'see what there is: gcloud projects list',
    });
  if (zone === undefined && region === undefined) {
    const field = autopilot ? 'region' : 'zone';
    const example = autopilot ? 'europe-west1' : 'europe-west1-b';
    findings.push({ path: [field], message: 'is missing', hint: `for example "${example}"` });
  }
  if (zone !== undefined && region !== undefined)
    findings.push({ path: ['region'], message: 'excludes zone: a cluster is in a zone, or in a region' });
  if (autopilot && zone !== undefined) {
    const hint = `write "region": "${zone.replace(/-[a-z]$/, '')}"`;
    findings.push({ path: ['zone'], message: 'excludes autopilot, which is in a region', hint });
  }
  if (!autopilot) return [...findings, ...checkNumbers(written)];
  for (const field of ['machineType', 'nodes', 'minNodes', 'maxNodes'] as const) {
    if (written[field] !== undefined)
      findings.push({ path: [field], message: 'excludes autopilot: Google chooses the nodes there' });
  }
  return findings;
}

function checkEks({ region, ...written }: ProviderFields): Finding[] {
  const missing: Finding = { path: ['region'], message: 'is missing', hint: 'for example "eu-central-1"' };
  return [...(region === undefined ? [missing] : []), ...checkNumbers(written)];
}

function checkNumbers({ nodes = 3, minNodes, maxNodes }: ProviderFields): Finding[] {
  if (minNodes === undefined && maxNodes === undefined) return [];
  if (minNodes === undefined) return [{ path: ['minNodes'], message: 'is missing: maxNodes needs it' }];
  if (maxNodes === undefined) return [{ path: ['maxNodes'], message: 'is missing: minNodes needs it' }];
  if (maxNodes < 1 || minNodes > maxNodes)
    return [{ path: ['maxNodes'], message: `must be at least ${Math.max(1, minNodes)}, not ${maxNodes}` }];
  if (nodes >= minNodes && nodes <= maxNodes) return [];
  return [
    {
      path: ['nodes'],
      message: `must be from minNodes (${minNodes}) to maxNodes (${maxNodes}), not ${nodes}`,
    },
  ];
}

/** The settings of the provider, with what is not written. The fields were checked. */
export function providerSettings(
  provider: ProviderName,
  written: ProviderFields,
): Pick<Cluster, 'gke' | 'eks'> {
  if (provider === 'gke') return { gke: gkeSettings(written) };
  if (provider === 'eks') return { eks: eksSettings(written) };
  return {};
}

function gkeSettings(written: ProviderFields): GkeSettings {
  const { project = '', zone, region, machineType = 'e2-standard-4', autopilot = false } = written;
  return {
    project,
    location: zone ?? region ?? '',
    isRegion: zone === undefined,
    releaseChannel: written.releaseChannel ?? 'regular',
    dockerHubMirror: written.dockerHubMirror ?? false,
    gcloud: written.gcloud ?? 'image',
    ...(autopilot ? {} : { pool: { machineType, ...nodeNumbers(written) } }),
  };
}

function eksSettings(written: ProviderFields): EksSettings {
  const { region = '', profile, version, subnets, machineTypes = ['t3.large'] } = written;
  return {
    region,
    ...(profile === undefined ? {} : { profile }),
    ...(version === undefined ? {} : { version }),
    ...(subnets === undefined ? {} : { subnets }),
    pool: { machineTypes, ...nodeNumbers(written) },
  };
}

function nodeNumbers({ nodes = 3, minNodes: min, maxNodes: max }: ProviderFields): NodeNumbers {
  return { nodes, ...(min === undefined || max === undefined ? {} : { autoscaling: { min, max } }) };
}
