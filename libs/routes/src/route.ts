import type { Proxy } from '@berth/model';

/** How the gateway speaks to the endpoints; a websocket is HTTP. */
export type RouteProtocol = 'http' | 'h2c' | 'grpc';

/** Where requests for one host go. Only checked values: nothing here can change the meaning of a configuration. */
export interface Route {
  /** The namespace. */
  environment: string;
  service: string;
  /** Name of the Service's port. */
  port: string;
  protocol: RouteProtocol;
  /** `10.244.0.5:8080`, `[fd00::1]:8080`; sorted, and none twice. Empty: the host is known, and nobody is ready. */
  endpoints: string[];
  /** As service.json has it; absent when it says nothing. */
  proxy?: Omit<Proxy, 'hosts'>;
}

/** Why something gets no route; the reason of the Kubernetes Event too. */
export type RefusalReason =
  | 'ExternalName'
  | 'NoSelector'
  | 'InvalidAnnotation'
  | 'UnknownPort'
  | 'UnsupportedProtocol'
  | 'HostTooLong'
  | 'HostInvalid'
  | 'HostTaken'
  | 'AddressRefused';

export interface ServiceReference {
  namespace: string;
  name: string;
  uid: string;
}

/** Something public that gets no route, or an endpoint that no route leads to. */
export interface Refusal {
  service: ServiceReference;
  /** The host that is not served; absent when it is not about one host. */
  host?: string;
  reason: RefusalReason;
  /** For people. */
  message: string;
}

export interface RouteTable {
  /** By host name. */
  routes: ReadonlyMap<string, Route>;
  refused: readonly Refusal[];
}
