import type { Cluster } from '@berth/model';
import { BERTH, MANAGED_BY } from '../cloud/labels';

/** Of a cluster of GKE what Berth reads: https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters */
export interface GkeDescription {
  name: string;
  location?: string;
  status: 'PROVISIONING' | 'RUNNING' | 'RECONCILING' | 'STOPPING' | 'ERROR' | 'DEGRADED' | string;
  statusMessage?: string;
  conditions?: { code?: string; canonicalCode?: string; message?: string }[];
  resourceLabels?: Record<string, string>;
  currentMasterVersion?: string;
  currentNodeCount?: number;
  endpoint?: string;
  masterAuth?: { clusterCaCertificate?: string };
  autopilot?: { enabled?: boolean };
  workloadIdentityConfig?: { workloadPool?: string };
  nodePools?: GkePool[];
}

export interface GkePool {
  name: string;
  config?: { machineType?: string };
  initialNodeCount?: number;
  autoscaling?: { enabled?: boolean; minNodeCount?: number; maxNodeCount?: number };
  instanceGroupUrls?: string[];
}

/** The pool that gcloud gives a new cluster. */
export const POOL = 'default-pool';

export function isOurs({ resourceLabels = {} }: GkeDescription): boolean {
  return resourceLabels[MANAGED_BY] === BERTH;
}

/** Nodes come and go, and so do versions, while it answers. */
export function answers({ status }: GkeDescription): boolean {
  return status === 'RUNNING' || status === 'RECONCILING';
}

/** Why it is not well, in Google's words. */
export function complaint({ status, statusMessage, conditions = [] }: GkeDescription): string {
  const words = conditions.map(({ code, canonicalCode, message }) =>
    [code ?? canonicalCode, message].filter(Boolean).join(': '),
  );
  return [...new Set([statusMessage, ...words])].filter(Boolean).join('; ') || `its status is ${status}`;
}

/** `zone europe-west1-b` or `region europe-west1`. */
export function placeOf({ gke }: Cluster): string {
  return gke ? `project ${gke.project}, ${gke.isRegion ? 'region' : 'zone'} ${gke.location}` : '';
}

export const stateNames: Readonly<Record<string, string>> = {
  PROVISIONING: 'being created',
  RUNNING: 'running',
  RECONCILING: 'running',
  STOPPING: 'being deleted',
  ERROR: 'failed',
  DEGRADED: 'not ready',
};
