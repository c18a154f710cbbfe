import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { parse, stringify } from 'yaml';

/** A kubeconfig with one context, as it is written. */
export interface KubeconfigText {
  clusters: { name: string; cluster: Record<string, unknown> & { server: string } }[];
  users: { name: string; user: Record<string, unknown> }[];
  contexts: { name: string; context: { cluster: string; user: string } }[];
}

/** A workspace of one environment with one service, as an executor gets it. */
export class SmallWorkspace {
  readonly root: string;
  readonly kubeconfig: string;
  registry = 'localhost:5000/berth';

  constructor(
    readonly environment: string,
    service: object,
    parent = tmpdir(),
  ) {
    this.root = mkdtempSync(join(parent, 'berth-faults-'));
    this.kubeconfig = join(this.root, 'kubeconfig');
    this.write('package.json', {});
    this.write(`deploy/environments/${environment}/env.json`, {
      cluster: 'local',
      domain: 'localhost',
      projects: ['web'],
    });
    this.write('deploy/clusters/local/cluster.json', {
      provider: 'bare-metal',
      hosts: ['localhost'],
      kubeconfig: 'kubeconfig',
      context: 'berth-local',
    });
    this.write('apps/web/service.json', service);
    this.write('apps/web/Dockerfile', 'FROM scratch\n');
    mkdirSync(join(this.root, '.git/objects'), { recursive: true });
    mkdirSync(join(this.root, '.git/refs'));
    this.write('.git/HEAD', 'ref: refs/heads/main\n');
  }

  write(path: string, content: string | object, mode = 0o644): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content), { mode });
  }

  /** Writes the kubeconfig with another server, or another user's credentials. */
  access(base: KubeconfigText, cluster: Record<string, unknown>, user?: Record<string, unknown>): void {
    this.write(
      'kubeconfig',
      stringify({
        ...base,
        clusters: base.clusters.map((entry) => ({ ...entry, cluster: { ...entry.cluster, ...cluster } })),
        users: user ? base.users.map((entry) => ({ ...entry, user })) : base.users,
      }),
    );
  }

  get context(): ExecutorContext {
    const projects = {
      web: { root: 'apps/web', targets: {} },
      [this.environment]: { root: `deploy/environments/${this.environment}`, targets: {} },
    };
    return {
      root: this.root,
      projectName: this.environment,
      isVerbose: false,
      cwd: this.root,
      nxJsonConfiguration: { plugins: [{ plugin: '@berth/nx', options: { registry: this.registry } }] },
      projectsConfigurations: { version: 2, projects },
      projectGraph: {
        nodes: { web: { name: 'web', type: 'app', data: { root: 'apps/web', targets: {} } } },
        externalNodes: {},
        dependencies: {},
      },
    } as ExecutorContext;
  }

  /** Takes the environment's folder away. */
  forget(): void {
    rmSync(join(this.root, 'deploy/environments', this.environment), { recursive: true });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function readKubeconfigText(path: string): KubeconfigText {
  return parse(readFileSync(path, 'utf8')) as KubeconfigText;
}
