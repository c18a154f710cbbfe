import type { KubeClient, LiveObject } from '@berth/kube';
import { eachAtOnce } from '../each-at-once';
import { endpointSliceObject, ingressObject, NAMESPACE, serviceObject, type Endpoint } from './objects';

/** Requests at a time. */
const AT_ONCE = 32;

export const routeName = (index: number): string => `route-${index}`;

/** Endpoints that nobody else has: two of the addresses at which the one back end answers. @param turn any number */
export function staticEndpoints(index: number, turn = 0): Endpoint[] {
  return [0, 1].map((which) => {
    const number = (index * 2 + which + turn * 20_011) % 0xffff;
    return { address: `10.99.${number >> 8}.${number & 0xff}` };
  });
}

/** The Services, EndpointSlices and Ingresses of the benchmark's API server, without any controller that makes them. */
export class Routes {
  #count = 0;

  constructor(private readonly client: KubeClient) {}

  get count(): number {
    return this.#count;
  }

  /** @param ingresses of the first so many, for Traefik */
  async growTo(count: number, ingresses: number): Promise<void> {
    const missing = Array.from({ length: count - this.#count }, (_, index) => this.#count + index);
    await eachAtOnce(missing, AT_ONCE, async (index) => {
      await this.add(routeName(index), staticEndpoints(index));
      if (index < ingresses) await this.client.create(ingressObject(routeName(index)));
    });
    this.#count = count;
  }

  /** A Service and its endpoints, the endpoints first. */
  async add(name: string, endpoints: readonly Endpoint[], port?: number): Promise<void> {
    await this.client.create(endpointSliceObject(name, endpoints, port));
    await this.client.create(serviceObject(name));
  }

  async setEndpoints(name: string, endpoints: readonly Endpoint[]): Promise<void> {
    const { apiVersion, kind, metadata, ...fields } = endpointSliceObject(name, endpoints);
    await this.client.patch(
      { apiVersion, kind, name: metadata.name, namespace: NAMESPACE },
      { endpoints: fields.endpoints },
    );
  }

  /** Takes away what {@link add} has made. */
  async forget(...names: readonly string[]): Promise<void> {
    await this.remove(...names.flatMap((name) => [serviceObject(name), endpointSliceObject(name, [])]));
  }

  async create(...objects: readonly object[]): Promise<void> {
    await eachAtOnce(objects, AT_ONCE, (object) => this.client.create(object as LiveObject));
  }

  async remove(...objects: readonly { apiVersion: string; kind: string; metadata: { name: string } }[]) {
    await eachAtOnce(objects, AT_ONCE, ({ apiVersion, kind, metadata: { name } }) =>
      this.client.delete({ apiVersion, kind, name, namespace: NAMESPACE }),
    );
  }
}
