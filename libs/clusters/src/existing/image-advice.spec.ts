import { imageAdvice, imageInMessage } from './image-advice';

const digest = `sha256:${'a'.repeat(64)}`;
const own = `localhost:5000/berth/web@${digest}`;
const kind = { product: 'kind', name: 'desk' } as const;

it.each<[string, Parameters<typeof imageAdvice>, string | undefined]>([
  [
    'the registry that the cluster announces',
    [own, kind, { host: 'localhost:5001' }],
    'The cluster announces its registry as localhost:5001: set "registry": "localhost:5001/…" in the options of @berth/nx in nx.json, then nx sync.',
  ],
  [
    'a registry, where an image is named by digest and none is announced',
    [own, kind, undefined],
    'The nodes of kind (desk) must reach localhost:5000; set up a registry beside the cluster (https://kind.sigs.k8s.io/docs/user/local-registry), and write it into nx.json.',
  ],
  [
    'the command that loads an image that has a tag',
    ['postgres:17', kind, undefined],
    'To bring it there without a registry: kind load docker-image postgres:17 --name desk',
  ],
  [
    'the command of k3d',
    ['postgres:17', { product: 'k3d', name: 'desk' }, { host: 'localhost:5050' }],
    'To bring it there without a registry: k3d image import postgres:17 --cluster desk',
  ],
  [
    "a cloud's own registry",
    [own, { product: 'aks', name: 'prod' }, undefined],
    'The nodes of Azure Kubernetes Service (prod) must reach localhost:5000; let it pull from a registry of Azure: az aks update --resource-group <group> --name prod --attach-acr <registry>, and write <registry>.azurecr.io/berth into nx.json.',
  ],
  [
    'nothing, where the registry is the one that is announced',
    [own, kind, { host: 'localhost:5000' }],
    undefined,
  ],
  ['nothing, of an image by digest from elsewhere', [`ghcr.io/a/b@${digest}`, kind, undefined], undefined],
  ['nothing, on a cluster that nobody recognises', [own, undefined, undefined], undefined],
])('advises %s', (_what, [image, recognised, announced], expected) => {
  expect(imageAdvice(image, recognised, announced)).toBe(expected);
});

it.each([
  [
    `web cannot run: ErrImagePull: failed to pull and unpack image "${own}": failed to resolve reference "${own}": not found`,
    own,
  ],
  ['ImagePullBackOff: Back-off pulling image "postgres:17"', 'postgres:17'],
  ['CrashLoopBackOff: back-off 10s restarting failed container of image "postgres:17"', undefined],
  ['ErrImagePull: rpc error', undefined],
])('finds the image in %j', (message, expected) => {
  expect(imageInMessage(message)).toBe(expected);
});
