import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProjectGraph, TargetConfiguration } from '@nx/devkit';
import type {
  BuildRequest,
  ContainerRunner,
  Engine,
  Pushed,
  RunningContainer,
  StartOptions,
} from '@berth/engines';
import { ProcessRunner, RecordingRunner } from '@berth/exec';
import { parseService } from '@berth/model';
import type { ImageContent, ImageReader, Registry } from '@berth/registry';
import { filesOnDisk } from '../workspace/files';
import { plainImage, type ImageFile } from './image-file';
import type { ImagePlan, ImageWorkspace } from './plan';

/** A workspace in a temporary folder, under real git; for tests. */
export class TestWorkspace {
  readonly root: string;
  readonly graph: ProjectGraph = { nodes: {}, externalNodes: {}, dependencies: {} };
  /** Runs git; other programs are only recorded. */
  readonly runner = new RecordingRunner().when(['git'], (argv, options) =>
    new ProcessRunner().run(argv, options),
  );

  /** @param name start of the folder's name: with spaces, and letters beyond ASCII, as people have them */
  constructor(name = 'berth wörkspace ') {
    this.root = mkdtempSync(join(tmpdir(), name));
    // Nobody's own git configuration takes part.
    mkdirSync(join(this.root, '.git/objects'), { recursive: true });
    mkdirSync(join(this.root, '.git/refs'));
    this.write('.git/HEAD', 'ref: refs/heads/main\n');
  }

  write(path: string, content: string | object, mode = 0o644): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content), { mode });
  }

  project(name: string, root: string, targets: Record<string, TargetConfiguration> = {}): void {
    this.graph.nodes[name] = { name, type: 'app', data: { root, targets } };
  }

  npm(name: string, version: string, hash = `sha512-${name}-${version}`): void {
    (this.graph.externalNodes ??= {})[`npm:${name}`] = {
      type: 'npm',
      name: `npm:${name}`,
      data: { version, packageName: name, hash },
    };
  }

  uses(source: string, ...targets: string[]): void {
    this.graph.dependencies[source] = targets.map((target) => ({ source, target, type: 'static' }));
  }

  /** A docker project and its Dockerfile. */
  image(name: string, image: object = {}): void {
    this.project(name, `docker/${name}`);
    this.write(`docker/${name}/Dockerfile`, 'FROM scratch\n');
    this.write(`docker/${name}/image.json`, image);
  }

  /** A service with an image on `base`. */
  service(name: string, base: string, image: object = {}): void {
    this.project(name, `apps/${name}`, { build: { executor: '@nx/esbuild:esbuild', options: {} } });
    this.write(`apps/${name}/Dockerfile`, 'ARG BASE\nFROM ${BASE}\n');
    this.write(`apps/${name}/service.json`, { ports: [{ name: 'http', port: 8080 }] });
    this.write(`apps/${name}/image.json`, { bases: { BASE: base }, ...image });
    this.write(`apps/${name}/src/main.ts`, `console.log('${name}');\n`);
  }

  get workspace(): ImageWorkspace {
    const options = {
      registry: 'localhost:5000/berth',
      insecureRegistries: [],
      engine: 'docker',
      domain: 'localhost',
      platforms: [],
    };
    return { root: this.root, graph: this.graph, options, files: filesOnDisk(this.root) };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A registry in memory; for tests. */
export class RegistryStandIn implements Registry, ImageReader {
  readonly digests = new Map<string, string>();
  readonly asked: string[] = [];

  async digestOf(reference: string): Promise<string | undefined> {
    this.asked.push(reference);
    return this.digests.get(reference);
  }
  async has(reference: string): Promise<boolean> {
    return this.digests.has(reference);
  }
  async contentOf(): Promise<ImageContent[]> {
    return [];
  }
  async hasBlob(): Promise<boolean> {
    return false;
  }
  async close(): Promise<void> {}

  put(reference: string): string {
    const digest = `sha256:${(this.digests.size + 1).toString(16).padStart(64, '0')}`;
    this.digests.set(reference, digest);
    return digest;
  }
}

/** Builds nothing and keeps what it was asked for; for tests. */
export class EngineStandIn implements Engine, ContainerRunner {
  readonly name = 'docker';
  readonly built: BuildRequest[] = [];
  readonly pushed: string[] = [];
  readonly started: StartOptions[] = [];
  checks = 0;
  stopped = 0;
  /** Called in each build, while its context is there. */
  onBuild: (request: BuildRequest) => void | Promise<void> = () => undefined;
  configuredUser = '1000';
  paths: string[] = [];
  container: Partial<RunningContainer> = {};
  exit = 0;

  constructor(private readonly registry = new RegistryStandIn()) {}

  async check(): Promise<void> {
    this.checks++;
  }
  async build(request: BuildRequest): Promise<void> {
    this.built.push(request);
    await this.onBuild(request);
  }
  async push(reference: string): Promise<Pushed> {
    this.pushed.push(reference);
    return { digest: this.registry.put(reference), bytes: 1000 };
  }
  async start(_image: string, options: StartOptions): Promise<RunningContainer> {
    this.started.push(options);
    return {
      id: '1',
      endpoint: async (port) => ({ host: '127.0.0.1', port }),
      logs: async () => ['its last line'],
      exitCode: async () => undefined,
      execute: async () => 0,
      ...this.container,
      stop: async () => {
        this.stopped++;
      },
    };
  }
  async runToEnd(_image: string, options: Parameters<ContainerRunner['runToEnd']>[1]): Promise<number> {
    this.started.push(options);
    options.onLine?.('said by the container');
    return this.exit;
  }
  async files(): Promise<string[]> {
    return this.paths;
  }
  async user(): Promise<string> {
    return this.configuredUser;
  }
}

/** A plan of the project web; for tests. @param service its service.json, when it is one */
export function planOf(service?: object, image: Partial<ImageFile> = {}): ImagePlan {
  return {
    project: 'web',
    root: 'apps/web',
    tag: 't',
    reference: 'r',
    image: { ...plainImage, ...image },
    outside: {},
    platforms: [],
    ...(service && { service: parseService(JSON.stringify(service), 'apps/web/service.json', 'web') }),
  };
}
