import type { Cluster } from '@berth/model';
import type { ProductName, Recognised } from './traits';

/** What is known of clusters of one maker. */
export interface Product {
  /** As its makers write it. */
  title: string;
  /** Its nodes run on the machine of whoever uses it. */
  local: boolean;
  /** What cluster.json gets when the generator writes it. */
  ports: Pick<Cluster, 'exposure'> & Partial<Pick<Cluster, 'nodePorts' | 'front'>>;
  /** What has to be so for the ports to be reachable; absent where nothing has. */
  portsNeed?: string;
  /** What to type when its API server does not answer. */
  start(name: string | undefined): string;
  /** How nodes come to the images: what to type, a line each. */
  registry(name: string | undefined): string;
  /** What brings an image that is named by a tag to the nodes without a registry; absent where there is no such way. */
  load?(image: string, name: string | undefined): string;
}

const standIns = { 80: 30_080, 443: 30_443 };
const loadBalancer = { exposure: 'load-balancer' } as const;
const mapped = { exposure: 'node-ports', nodePorts: standIns, front: '127.0.0.1' } as const;

const sharesDocker =
  'the cluster pulls by the Docker of this machine, so any registry will do that Docker reaches: docker run -d -p 5000:5000 --restart=always --name registry registry:2';

export const products: Readonly<Record<ProductName, Product>> = {
  'docker-desktop': {
    title: 'Docker Desktop',
    local: true,
    ports: loadBalancer,
    start: () => 'start Docker Desktop, and switch Kubernetes on in its settings',
    registry: () => sharesDocker,
  },
  orbstack: {
    title: 'OrbStack',
    local: true,
    ports: loadBalancer,
    start: () => 'orb start k8s',
    registry: () => sharesDocker,
  },
  kind: {
    title: 'kind',
    local: true,
    ports: mapped,
    portsNeed:
      'a cluster of kind gets its ports when it is made: extraPortMappings of containerPort 30080 to hostPort 80, and of 30443 to 443',
    start: (name = 'kind') => `docker start $(docker ps -aq -f label=io.x-k8s.kind.cluster=${name})`,
    registry: () =>
      'set up a registry beside the cluster (https://kind.sigs.k8s.io/docs/user/local-registry), and write it into nx.json',
    load: (image, name = 'kind') => `kind load docker-image ${image} --name ${name}`,
  },
  k3d: {
    title: 'k3d',
    local: true,
    ports: mapped,
    portsNeed:
      'a cluster of k3d gets its ports when it is made: k3d cluster create -p 80:30080@server:0 -p 443:30443@server:0',
    start: (name = 'k3s-default') => `k3d cluster start ${name}`,
    registry: () =>
      'make the cluster with a registry: k3d cluster create --registry-create registry:0.0.0.0:5050, and write localhost:5050/berth into nx.json',
    load: (image, name = 'k3s-default') => `k3d image import ${image} --cluster ${name}`,
  },
  minikube: {
    title: 'minikube',
    local: true,
    ports: loadBalancer,
    portsNeed: 'its load balancer answers while `minikube tunnel` runs',
    start: (name = 'minikube') => `minikube start --profile ${name}`,
    registry: (name = 'minikube') =>
      `minikube addons enable registry --profile ${name}, and https://minikube.sigs.k8s.io/docs/handbook/registry for the way to it`,
    load: (image, name = 'minikube') => `minikube image load ${image} --profile ${name}`,
  },
  'rancher-desktop': {
    title: 'Rancher Desktop',
    local: true,
    ports: loadBalancer,
    portsNeed: 'Traefik has ports 80 and 443 until it is switched off in the settings of Kubernetes',
    start: () => 'start Rancher Desktop',
    registry: () => sharesDocker,
  },
  microk8s: {
    title: 'MicroK8s',
    local: true,
    ports: { exposure: 'node-ports', nodePorts: standIns },
    start: () => 'microk8s start',
    registry: () => 'microk8s enable registry, and write localhost:32000/berth into nx.json',
  },
  k3s: {
    title: 'K3s',
    local: false,
    ports: loadBalancer,
    portsNeed: 'Traefik has ports 80 and 443 unless K3s was started with --disable=traefik',
    start: () => 'systemctl start k3s, on its first machine',
    registry: () =>
      'name the registry in /etc/rancher/k3s/registries.yaml of each machine when it needs plain http or a login',
  },
  aks: {
    title: 'Azure Kubernetes Service',
    local: false,
    ports: loadBalancer,
    start: (name = '<cluster>') => `az aks start --resource-group <group> --name ${name}`,
    registry: (name = '<cluster>') =>
      `let it pull from a registry of Azure: az aks update --resource-group <group> --name ${name} --attach-acr <registry>, and write <registry>.azurecr.io/berth into nx.json`,
  },
  gke: {
    title: 'Google Kubernetes Engine',
    local: false,
    ports: loadBalancer,
    start: () => 'gcloud container clusters list',
    registry: () =>
      'its nodes pull from Artifact Registry of their own project: write <region>-docker.pkg.dev/<project>/<repository> into nx.json',
  },
  eks: {
    title: 'Amazon EKS',
    local: false,
    ports: loadBalancer,
    start: () => 'aws eks list-clusters',
    registry: () =>
      'its nodes pull from ECR of their own account: write <account>.dkr.ecr.<region>.amazonaws.com/berth into nx.json',
  },
};

/** For messages, for example `kind (desk)`; undefined for a cluster that nobody recognises. */
export function titleOf(recognised: Recognised | undefined): string | undefined {
  if (!recognised) return undefined;
  const { title } = products[recognised.product];
  return recognised.name === undefined ? title : `${title} (${recognised.name})`;
}
