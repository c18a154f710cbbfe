import { mkdirSync } from 'node:fs';
import type { Runner } from '@berth/exec';
import { writePackages } from '../nx';
import { writeInto } from '../write-into';

/** Whoever commits in it. */
const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', '-c', 'gc.auto=0'];

/** Copies files and nothing else: nobody waits for a compiler or a base image. */
const dockerfile = (service: string) => `FROM scratch
LABEL org.opencontainers.image.description="The service ${service}"
COPY package.json /app/package.json
COPY src /app/src
USER 1000
CMD ["/app/src/main.js"]
`;

/** A workspace of that many services, in a git repository. */
export class Workspace {
  readonly services: readonly string[];

  /**
   * @param root absolute path of a folder that does not exist yet
   * @param owner stands in every service, so that no two workspaces have a layer in common
   * @param modules the node_modules that it shares
   */
  constructor(
    readonly root: string,
    private readonly owner: string,
    size: number,
    modules: string,
    private readonly runner: Runner,
  ) {
    this.services = Array.from({ length: size }, (_, index) => `service-${index + 1}`);
    mkdirSync(root, { recursive: true });
    writePackages(root, modules);
    this.write('.gitignore', 'node_modules\n.nx\n.berth\n');
    for (const service of this.services) this.#writeService(service);
  }

  #writeService(service: string): void {
    const folder = `apps/${service}`;
    this.write(`${folder}/Dockerfile`, dockerfile(service));
    this.write(`${folder}/package.json`, { name: service, version: '1.0.0', private: true });
    this.write(`${folder}/service.json`, { ports: [{ name: 'http', port: 8080 }] });
    this.write(`${folder}/src/main.js`, `import './routes.js';\nimport './store.js';\n`);
    for (const name of ['routes', 'store', 'health']) {
      const lines = Array.from({ length: 40 }, (_, index) => `export const ${name}${index} = '${service}';`);
      this.write(`${folder}/src/${name}.js`, `${lines.join('\n')}\n`);
    }
  }

  write(path: string, content: unknown): void {
    writeInto(this.root, path, content);
  }

  async makeRepository(): Promise<void> {
    await this.#git('init', '--quiet', '--initial-branch=main');
    await this.#commit('all');
  }

  /** Changes a file of each of these services, as no earlier change did, and commits that. */
  async change(services: readonly string[], change: string): Promise<void> {
    for (const service of services) {
      this.write(`apps/${service}/src/version.js`, `export const version = '${this.owner} ${change}';\n`);
    }
    await this.#commit(change);
  }

  async #commit(message: string): Promise<void> {
    await this.#git('add', '--all');
    await this.#git('commit', '--quiet', '--message', message);
  }

  async #git(...args: string[]): Promise<void> {
    await this.runner.run(['git', ...author, ...args], { cwd: this.root });
  }
}
