/*
 * What the route table reads of Kubernetes' objects; the API server's own objects fit. Objects are never changed in
 * place: a new state of a Service is a new value.
 */

/** A v1 Service. */
export interface ObservedService {
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    /** RFC 3339 in UTC, seconds. */
    creationTimestamp: string;
    labels?: Readonly<Record<string, string>>;
    annotations?: Readonly<Record<string, string>>;
  };
  spec?: {
    type?: string;
    selector?: Readonly<Record<string, string>> | null;
    ports?: readonly { name?: string; port: number; protocol?: string; appProtocol?: string }[] | null;
  };
}

/** A discovery.k8s.io/v1 EndpointSlice. */
export interface ObservedEndpointSlice {
  metadata: { name: string; namespace?: string; labels?: Readonly<Record<string, string>> };
  addressType: string;
  endpoints?:
    | readonly {
        addresses: readonly string[];
        /** Absent or null means unknown: ready as if true, serving as ready, not terminating. */
        conditions?: { ready?: boolean | null; serving?: boolean | null; terminating?: boolean | null };
      }[]
    | null;
  ports?: readonly { name?: string | null; port?: number | null; protocol?: string | null }[] | null;
}

/** All of one moment. */
export interface Observed {
  services: readonly ObservedService[];
  endpointSlices: readonly ObservedEndpointSlice[];
}

/** What of an observed state may be other than before; all that is not named is as it was. Undefined: it is gone. */
export interface ObservedChanges {
  /** By `<namespace>/<name>`. */
  services: ReadonlyMap<string, ObservedService | undefined>;
  /** By any text that stays the slice's own. */
  endpointSlices: ReadonlyMap<string, ObservedEndpointSlice | undefined>;
}

/** Label of an EndpointSlice that names its Service. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
