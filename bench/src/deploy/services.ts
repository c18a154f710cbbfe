import { renderFiles, type GeneratedFile } from '@berth/manifests';
import { parseEnvironment, parseService, resolveEnvironment } from '@berth/model';

/** What an environment is in env.json; its namespace has its name. */
export const environmentFile = { orchestrator: 'kubernetes', cluster: 'bench', projects: ['service-*'] };

/**
 * Services as people describe them. Four objects come of each: ServiceAccount, Service, Deployment and, since it has two
 * pods, PodDisruptionBudget.
 */
export class Services {
  readonly names: readonly string[];
  readonly #changed = new Set<string>();

  /** @param images references with digests: the one that all have at first, and the one that changed ones have */
  constructor(
    size: number,
    private readonly images: readonly [first: string, other: string],
  ) {
    this.names = Array.from({ length: size }, (_, index) => `service-${index + 1}`);
  }

  /** Gives a service the other image. */
  change(name: string): void {
    if (!this.#changed.delete(name)) this.#changed.add(name);
  }

  imageOf(name: string): string {
    return this.images[this.#changed.has(name) ? 1 : 0];
  }

  /** Of its service.json. */
  document(name: string): object {
    return {
      image: this.imageOf(name),
      ports: [{ name: 'http', port: 8080 }],
      health: { path: '/healthz' },
      scale: { min: 2 },
      env: { LOG_LEVEL: 'info' },
    };
  }

  /** What a deploy of an environment brings, as files for whoever deploys files. */
  files(environment: string): GeneratedFile[] {
    const folder = { name: environment, root: `deploy/environments/${environment}` };
    const parsed = parseEnvironment(JSON.stringify(environmentFile), folder, { domain: 'localhost' });
    const services = this.names.map((name) =>
      parseService(JSON.stringify(this.document(name)), `apps/${name}/service.json`, name),
    );
    const files = renderFiles(parsed, resolveEnvironment(parsed, services), { registry: '' });
    return files.filter(({ path }) => path.endsWith('.yaml'));
  }
}
