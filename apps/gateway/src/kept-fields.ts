import type { LiveObject } from '@berth/kube';
import { DOMAIN_ANNOTATION, PROXY_ANNOTATION, PUBLIC_LABEL, PUBLIC_PORTS_ANNOTATION } from '@berth/manifests';
import { SERVICE_NAME_LABEL, type ObservedEndpointSlice, type ObservedService } from '@berth/routes';
import { conditionOf, type Condition } from './refusal-conditions';

/*
 * Of each object the controller keeps what it reads: a cluster has thousands, and most of each is who wrote which field
 * (metadata.managedFields). The resourceVersion stays, by which a new list knows what is other than before.
 */

/** Of a Service: what its routes come from, and what its status says of them. */
export function keptService(object: LiveObject): ObservedService & { status?: { conditions: Condition[] } } {
  const { metadata, spec = {} } = object as unknown as ObservedService;
  const { name, namespace, uid, creationTimestamp } = metadata;
  const { type, selector, ports } = spec;
  const condition = conditionOf(object as unknown as ObservedService);
  return {
    metadata: {
      ...versionOf(object),
      ...{ name, uid, creationTimestamp },
      ...(namespace !== undefined && { namespace }),
      labels: only(metadata.labels, PUBLIC_LABEL),
      annotations: only(metadata.annotations, DOMAIN_ANNOTATION, PUBLIC_PORTS_ANNOTATION, PROXY_ANNOTATION),
    },
    spec: {
      ...(type !== undefined && { type }),
      ...(selector && { selector }),
      ports: (ports ?? []).map(({ name: its, port, protocol, appProtocol }) => ({
        ...(its !== undefined && { name: its }),
        port,
        ...(protocol !== undefined && { protocol }),
        ...(appProtocol !== undefined && { appProtocol }),
      })),
    },
    ...(condition && { status: { conditions: [condition] } }),
  };
}

/** Of an EndpointSlice: whose it is, and where its endpoints are. */
export function keptEndpointSlice(object: LiveObject): ObservedEndpointSlice {
  const { metadata, addressType, endpoints, ports } = object as unknown as ObservedEndpointSlice;
  const { name, namespace } = metadata;
  return {
    metadata: {
      ...versionOf(object),
      name,
      ...(namespace !== undefined && { namespace }),
      labels: only(metadata.labels, SERVICE_NAME_LABEL),
    },
    addressType,
    endpoints: (endpoints ?? []).map(({ addresses, conditions }) => ({
      addresses,
      ...(conditions && { conditions }),
    })),
    ports: (ports ?? []).map(({ name: its, port, protocol }) => ({
      ...(its !== undefined && { name: its }),
      ...(port !== undefined && { port }),
      ...(protocol !== undefined && { protocol }),
    })),
  };
}

function versionOf({ metadata: { resourceVersion } }: LiveObject): { resourceVersion: string } {
  return { resourceVersion };
}

function only(values: Readonly<Record<string, string>> = {}, ...names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (name in values ? [[name, values[name]!]] : [])));
}
