import type { KubernetesObject } from '@berth/manifests';

/** Metadata as the API server returns it. */
export interface LiveMetadata {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  /** RFC 3339, seconds. */
  creationTimestamp: string;
  deletionTimestamp?: string;
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
  managedFields?: ManagedFields[];
  finalizers?: string[];
  [field: string]: unknown;
}

/** Which fields a manager owns; the shape of `fieldsV1` is that of Kubernetes' FieldsV1. */
export interface ManagedFields {
  manager: string;
  operation: 'Apply' | 'Update';
  subresource?: string;
  time?: string;
  fieldsV1?: Record<string, unknown>;
}

/** An object as the API server returns it. */
export interface LiveObject extends KubernetesObject {
  metadata: LiveMetadata;
}

/** Names one object. `namespace` is absent for what is cluster-scoped. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
}

/** Names the objects of one kind, in one namespace or in all of them. */
export interface ListQuery {
  apiVersion: string;
  kind: string;
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
}

export interface ObjectList {
  items: LiveObject[];
  /** The point in time from which a watch goes on. */
  resourceVersion: string;
}

/** The reference of an object. */
export function referenceOf(object: KubernetesObject): ObjectReference {
  const { apiVersion, kind, metadata } = object;
  return {
    apiVersion,
    kind,
    name: metadata.name,
    ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
  };
}
