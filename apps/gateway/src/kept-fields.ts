import { picked, type LiveObject, type Mutable } from '@berth/kube';
import { DOMAIN_ANNOTATION, PROXY_ANNOTATION, PUBLIC_LABEL, PUBLIC_PORTS_ANNOTATION } from '@berth/manifests';
import { SERVICE_NAME_LABEL, type ObservedEndpointSlice, type ObservedService } from '@berth/routes';
import { Alike } from './alike';
import { conditionOf } from './refusal-conditions';

/*
 * Of each object the controller keeps what it reads: a cluster has thousands, and most of each is who wrote which field
 * (metadata.managedFields). The resourceVersion stays, by which a new list knows what is other than before. What most
 * objects have alike, such as their ports, is the same value in all of them.
 */

const alike = new Alike();

/** Of a Service: what its routes come from, and what its status says of them. */
export function keptService(object: LiveObject): ObservedService {
  const { metadata, spec = {} } = object as unknown as ObservedService;
  const condition = conditionOf(object as unknown as ObservedService);
  const kept = {} as Mutable<ObservedService> & { status?: unknown };
  kept.metadata = picked(metadata, SERVICE_METADATA);
  kept.metadata.labels = alike.of(picked(metadata.labels ?? {}, [PUBLIC_LABEL]));
  kept.metadata.annotations = alike.of(picked(metadata.annotations ?? {}, ANNOTATIONS));
  kept.spec = alike.of({
    ...picked(spec, ['type']),
    selector: withoutValues(spec.selector ?? {}),
    ports: (spec.ports ?? []).map((port) => picked(port, SERVICE_PORT)),
  });
  if (condition) kept.status = { conditions: [condition] };
  return kept;
}

/** Of an EndpointSlice: whose it is, and where its endpoints are. */
export function keptEndpointSlice(object: LiveObject): ObservedEndpointSlice {
  const { metadata, addressType, endpoints, ports } = object as unknown as ObservedEndpointSlice;
  const kept: Mutable<ObservedEndpointSlice> = {
    metadata: picked(metadata, SLICE_METADATA),
    addressType,
  };
  kept.metadata.labels = picked(metadata.labels ?? {}, [SERVICE_NAME_LABEL]);
  kept.endpoints = (endpoints ?? []).map(({ addresses, conditions }) => ({
    addresses,
    conditions: alike.of(conditions ?? {}),
  }));
  kept.ports = alike.of((ports ?? []).map((port) => picked(port, SLICE_PORT)));
  return kept;
}

const SERVICE_METADATA = ['resourceVersion', 'name', 'namespace', 'uid', 'creationTimestamp'];
const SLICE_METADATA = ['resourceVersion', 'name', 'namespace'];
const ANNOTATIONS = [DOMAIN_ANNOTATION, PUBLIC_PORTS_ANNOTATION, PROXY_ANNOTATION];
const SERVICE_PORT = ['name', 'port', 'protocol', 'appProtocol'];
const SLICE_PORT = ['name', 'port', 'protocol'];

/** That there is a selector is read, and not what it selects. */
function withoutValues(selector: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(selector).map((label) => [label, '']));
}
