/** What is typed for fields of cluster.json; Nx has read it as numbers, lists and booleans. */
export interface TypedFields {
  hosts?: string[];
  project?: string;
  zone?: string;
  region?: string;
  machineType?: string;
  nodes?: number;
  minNodes?: number;
  maxNodes?: number;
  autopilot?: boolean;
  releaseChannel?: string;
  dockerHubMirror?: boolean;
  gcloud?: string;
  profile?: string;
  version?: string | number;
  subnets?: string[];
}

/** The fields of cluster.json that were typed; `--hosts a,b` comes from Nx as one string in a list. */
export function fieldsOf(provider: string, typed: TypedFields): Record<string, unknown> {
  const { project, zone, region, machineType, nodes, minNodes, maxNodes, autopilot } = typed;
  const { releaseChannel, dockerHubMirror, gcloud, profile, version } = typed;
  const machines =
    provider === 'eks' ? { machineTypes: listOf(machineType && [machineType]) } : { machineType };
  const fields = {
    ...{ hosts: listOf(typed.hosts), project, zone, region, profile },
    ...{ ...machines, nodes, minNodes, maxNodes, autopilot },
    ...{ releaseChannel, dockerHubMirror, gcloud },
    version: version === undefined ? undefined : String(version),
    subnets: listOf(typed.subnets),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function listOf(typed: readonly string[] | '' | undefined): string[] | undefined {
  const items = (typed || []).flatMap((item) => item.split(',')).filter(Boolean);
  return items.length > 0 ? items : undefined;
}
