/**
 * One object of an environment, as its orchestrator is asked for it. `apiVersion` and `kind` say whose object it is; the
 * label `app.kubernetes.io/name` says which service it belongs to, whatever the orchestrator.
 */
export interface ManifestObject {
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

/** Any Kubernetes object, as it is written. */
export type KubernetesObject = ManifestObject;

/** A file that a generator writes: path relative to the environment's folder, and whole text. */
export interface GeneratedFile {
  path: string;
  content: string;
}
