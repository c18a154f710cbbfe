import type { Runner } from '@berth/exec';
import { ClientContainer } from '../container';
import type { Endpoint } from '../engine';

/** A container that this machine reaches at an address of its own, on docker's bridge. */
export class DockerContainer extends ClientContainer {
  #address = '';

  private constructor(id: string, runner: Runner) {
    super('docker', id, runner);
  }

  /** Leaves no container behind when its address cannot be read. */
  static async of(id: string, runner: Runner): Promise<DockerContainer> {
    const container = new DockerContainer(id, runner);
    try {
      const addresses = await container.inspect(
        '{{range .NetworkSettings.Networks}}{{println .IPAddress}}{{end}}',
      );
      container.#address = addresses.split('\n')[0]?.trim() ?? '';
      return container;
    } catch (error) {
      await container.stop();
      throw error;
    }
  }

  async endpoint(port: number): Promise<Endpoint> {
    return { host: this.#address, port };
  }
}
