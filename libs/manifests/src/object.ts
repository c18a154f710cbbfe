/** Any Kubernetes object, as it is written. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** A file that a generator writes: path relative to the environment's folder, and whole text. */
export interface GeneratedFile {
  path: string;
  content: string;
}
