/** What a kubeconfig says of a cluster without asking it. */
export interface KubeconfigTraits {
  context: string;
  /** Name of the entry in `clusters`. */
  cluster: string;
  /** For example `https://127.0.0.1:6443`. */
  server: string;
}

/** As much of a Node as tells who made the cluster; an object of the API server has this shape. */
export interface NodeTraits {
  metadata: { name: string; labels?: Record<string, string> };
  spec?: { providerID?: string };
  status?: { nodeInfo?: { kubeletVersion?: string; osImage?: string } };
}

/** Who makes a cluster that people have already. */
export type ProductName =
  | 'docker-desktop'
  | 'kind'
  | 'k3d'
  | 'minikube'
  | 'orbstack'
  | 'rancher-desktop'
  | 'microk8s'
  | 'k3s'
  | 'aks'
  | 'gke'
  | 'eks';

/** What a cluster was recognised as. */
export interface Recognised {
  product: ProductName;
  /** What its own tools call the cluster, for commands; absent where they need no name, or it cannot be known. */
  name?: string;
}
