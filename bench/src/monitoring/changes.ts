import type { KubeClient } from '@berth/kube';
import { makeEnvironment } from '../status/environments';
import { content, digestShown, imageOf, type Place } from './content';
import type { MonitoringPage } from './monitoring-page';

/** What happens in a cluster, each time until the page shows it. */
export class Changes {
  #deploys = 0;

  constructor(
    private readonly client: KubeClient,
    private readonly page: MonitoringPage,
  ) {}

  /** Gives a service an image that it never had. @returns the image, and when it is on the page: milliseconds since 1970 */
  async deploy(place: Place): Promise<{ image: string; shownAt: number }> {
    const image = await this.#setImage(place);
    return { image, shownAt: await this.page.shows(place, digestShown(image)) };
  }

  /** The same, until the new pod runs and the old one is gone. */
  async rollOut(place: Place): Promise<void> {
    await this.page.shows(place, digestShown(await this.#setImage(place)), true);
  }

  /** A pod of a service is not ready for a moment. */
  async stumble(place: Place): Promise<void> {
    const { environment: namespace, service } = place;
    const labelSelector = `app.kubernetes.io/name=${service}`;
    const { items } = await this.client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
    const pod = items.find(({ metadata }) => !metadata.deletionTimestamp);
    if (!pod) throw new Error(`${service} of ${namespace} has no pod`);
    const reference = { apiVersion: 'v1', kind: 'Pod', namespace, name: pod.metadata.name };
    for (const [status, ready] of [
      ['False', 0],
      ['True', 1],
    ] as const) {
      const conditions = ['Ready', 'ContainersReady'].map((type) => ({ type, status }));
      const options = { type: 'strategic', subresource: 'status' } as const;
      await this.client.patch(reference, { status: { conditions } }, options);
      await this.page.shows(place, `${ready} of 1 ready`, ready === 1);
    }
  }

  /** One environment goes and another comes, as those of pull requests do. */
  async replaceEnvironment(name: string, next: string): Promise<void> {
    await this.client.delete({ apiVersion: 'v1', kind: 'Namespace', name });
    await makeEnvironment(this.client, next, content);
    await Promise.all([this.page.hasEnvironment(name, false), this.page.hasEnvironment(next, true)]);
    const services = Object.keys(content.services);
    await Promise.all(
      services.map((service) => this.page.shows({ environment: next, service }, '1 of 1 ready', true)),
    );
  }

  async #setImage({ environment: namespace, service: name }: Place): Promise<string> {
    const image = imageOf(name, ++this.#deploys);
    await this.client.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name },
      { spec: { template: { spec: { containers: [{ name, image }] } } } },
      { type: 'strategic' },
    );
    return image;
  }
}
