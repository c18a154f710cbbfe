import type { Environment } from '@berth/model';
import { FIXED_NAME_ANNOTATION } from './labels';
import type { KubernetesObject } from './object';

interface ConfigMap extends KubernetesObject {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
  immutable?: boolean;
}

/**
 * Whether a ConfigMap gets a name with the hash of its content, so that pods roll when it changes, and those of the
 * version before keep theirs. Not one that says that its name is fixed, and none with binary data, which kustomize
 * takes from files only.
 */
export function isNamedByContent(environment: Environment, object: KubernetesObject): boolean {
  const { apiVersion, kind, metadata, binaryData } = object as ConfigMap;
  return (
    apiVersion === 'v1' &&
    kind === 'ConfigMap' &&
    metadata.namespace === environment.name &&
    metadata.annotations?.[FIXED_NAME_ANNOTATION] !== 'true' &&
    binaryData === undefined
  );
}

/** A ConfigMap as kustomize's configMapGenerator has it: it adds the hash, and mends whatever names the ConfigMap. */
export function configMapGenerator(object: KubernetesObject): Record<string, unknown> {
  const { metadata, data = {}, immutable } = object as ConfigMap;
  const options = {
    ...(metadata.labels && { labels: metadata.labels }),
    ...(metadata.annotations && { annotations: metadata.annotations }),
    ...(immutable && { immutable }),
  };
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    literals: Object.entries(data).map(([key, value]) => `${key}=${quoted(value)}`),
    ...(Object.keys(options).length && { options }),
  };
}

/** Kustomize takes one pair of quotes off a value that has some (`parseLiteralSource` in sigs.k8s.io/kustomize/api/kv). */
function quoted(value: string): string {
  return /^(["'])[^]*\1$/.test(value) && value.length > 1 ? `"${value}"` : value;
}
