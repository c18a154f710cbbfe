import { execFileSync, spawnSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { resolveEnvironment, type Environment, type Service } from '@berth/model';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { arbitraryEnvironment } from './arbitrary-environment';
import { arbitraryText } from './arbitrary-text';
import { renderNamespace } from './namespace';
import type { KubernetesObject } from './object';
import { renderFiles } from './render-files';
import type { RenderOptions } from './render-objects';
import { renderObjects } from './render-objects';
import { REGISTRY, testDesk, testEnvironment, testService } from './testing-models';
import { toYaml } from './yaml-text';

const WORKSPACE = join(__dirname, '../../..');
const KUBECONFIG =
  process.env['BERTH_TEST_KUBECONFIG'] ?? join(WORKSPACE, 'deploy/clusters/local/kubeconfig');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-manifests-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The kubectl that came with the local cluster, else the one on the PATH. */
function kubectlProgram(): string {
  const cache = join(homedir(), '.cache/berth/bin/kubernetes');
  const versions = existsSync(cache) ? readdirSync(cache).sort() : [];
  const programs = versions
    .map((version) => join(cache, version, 'kubectl'))
    .filter((program) => existsSync(program));
  return programs.at(-1) ?? 'kubectl';
}

function run(
  program: string,
  args: string[],
  options: Partial<ExecFileSyncOptionsWithStringEncoding> = {},
): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe', maxBuffer: 64 << 20, ...options });
}

function kubectl(args: string[], input?: string): string {
  return run(kubectlProgram(), ['--kubeconfig', KUBECONFIG, ...args], { input });
}

function writeEnvironment(name = 'staging', options: Partial<RenderOptions> = {}): string {
  const { environment, services } = testDesk();
  const root = join(folder, name);
  for (const { path, content } of renderFiles(environment, services, { registry: REGISTRY, ...options })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

describe('kubectl', () => {
  it('builds the kustomization, with every object in it', () => {
    const { environment, services } = testDesk();
    const built = run(kubectlProgram(), ['kustomize', writeEnvironment()]);
    const objects = renderObjects(environment, services, { registry: REGISTRY });
    expect(built.match(/^kind: .*$/gm)?.sort()).toEqual(objects.map(({ kind }) => `kind: ${kind}`).sort());
  });

  it('names ConfigMaps by their content, also where a patch names them, and gives them any text as it was written', () => {
    const patch = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'staging' },
      spec: {
        template: {
          spec: { containers: [{ name: 'web', envFrom: [{ configMapRef: { name: 'settings' } }] }] },
        },
      },
    };
    const built = (data: Record<string, string>) => {
      const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data };
      const root = writeEnvironment('config', {
        extras: [{ service: 'web', name: 'settings.yaml', content: toYaml([settings], 'x') }],
        patches: ['web.yaml'],
      });
      mkdirSync(join(root, 'patches'), { recursive: true });
      writeFileSync(join(root, 'patches/web.yaml'), toYaml([patch], 'x'));
      const text = run(kubectlProgram(), ['kustomize', root]);
      const objects = parseAllDocuments(text).map((each) => each.toJS() as typeof settings & typeof patch);
      const map = objects.find(({ kind }) => kind === 'ConfigMap');
      const web = objects.find(({ kind, metadata: { name } }) => kind === 'Deployment' && name === 'web');
      expect(map?.data).toEqual(data);
      expect(web?.spec.template.spec.containers[0]?.envFrom[0]?.configMapRef.name).toBe(map?.metadata.name);
      return map?.metadata.name;
    };
    const one = built({ LEVEL: 'info' });
    expect(one).toMatch(/^settings-[a-z0-9]{10}$/);
    expect(built({ LEVEL: 'info' })).toBe(one);
    const doubtful = ['"x"', "'x'", '"', '', 'a=b', ' x ', 'one\ntwo\n', '$(HOME)', '""'];
    const all = Object.fromEntries(doubtful.map((value, index) => [`K${index}`, value]));
    expect(built(all)).not.toBe(one);
  });

  it('reads any text from our YAML as it was written', () => {
    fc.assert(
      fc.property(fc.array(arbitraryText, { minLength: 20, maxLength: 60 }), (texts) => {
        const data = Object.fromEntries(texts.map((text, index) => [`k${index}`, text]));
        const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data };
        const read = run(kubectlProgram(), ['label', '--local', '-f', '-', 'a=b', '-o', 'json'], {
          input: toYaml([object], 'x'),
        });
        expect((JSON.parse(read) as typeof object).data).toEqual(data);
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});

describe('the API server', () => {
  const name = `manifests-${process.pid}`;
  const environment = testEnvironment({});
  Object.assign(environment, { name });

  afterAll(() => kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=false']), 30_000);

  it('takes every object, and pods under the restricted standard, PostgreSQL too, without a warning', () => {
    const desk = testDesk().services;
    const gateway = testService('gateway', {
      ports: [
        { name: 'http', port: 8080, nodePort: 31234 },
        { name: 'live', port: 8081, appProtocol: 'h2c' },
      ],
      health: { tcp: true },
      command: ['node', '$(HOME)'],
      sidecars: [{ name: 'nginx', command: ['nginx'], env: { A: 'yes' } }],
      writable: ['/run/gateway'],
      apiAccess: true,
    });
    const services = resolveEnvironment(environment, [...desk, gateway]);
    expectTaken(environment, services);
  }, 60_000);
});

/** The API server takes all objects, and the pods that they would make, in a dry run, without a warning. */
function expectTaken(environment: Environment, services: readonly Service[]): void {
  const [namespace, ...objects] = renderObjects(environment, services, { registry: REGISTRY });
  const accounts = objects.filter(({ kind }) => kind === 'ServiceAccount');
  // Pods are only admitted in a namespace with their service accounts; nothing else is made.
  kubectl(['create', '-f', '-'], toYaml([namespace, ...accounts], 'test'));
  const dryRun = ['create', '--dry-run=server', '--validate=strict', '--warnings-as-errors', '-o', 'name'];
  const others = objects.filter(({ kind }) => kind !== 'ServiceAccount');
  const pods = others.flatMap(podOf);
  expect(pods).toHaveLength(services.length);
  for (const all of [others, pods]) {
    expect(
      kubectl([...dryRun, '-f', '-'], toYaml(all, 'test'))
        .trim()
        .split('\n'),
    ).toHaveLength(all.length);
  }
}

/** The pod that a workload would make. Its claims are made by the StatefulSet's controller, here by their name. */
function podOf(object: KubernetesObject): unknown[] {
  const { template, volumeClaimTemplates = [] } = (object['spec'] ?? {}) as {
    template?: { metadata: object; spec: { volumes?: object[] } };
    volumeClaimTemplates?: { metadata: { name: string } }[];
  };
  if (!template) return [];
  const claims = volumeClaimTemplates.map(({ metadata: { name } }) => ({
    name,
    persistentVolumeClaim: { claimName: name },
  }));
  const { name, namespace } = object.metadata;
  return [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...template.metadata, name, namespace },
      spec: { ...template.spec, volumes: [...(template.spec.volumes ?? []), ...claims] },
    },
  ];
}

describe('whatever the parser accepts', () => {
  // A name that a reader of YAML could take for a number: of an environment `42`, for example.
  const name = `${process.pid}e5`;
  const names = fc.constant(name);
  const [found] = fc.sample(arbitraryEnvironment(names, { minLength: 25, maxLength: 25 }), 1);
  const { environment, services } = found!;

  afterAll(() => kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=false']), 30_000);

  it('the API server takes', () => expectTaken(environment, services), 60_000);

  it('the API server takes as the name and settings of an environment', () => {
    const namespaces = fc.sample(arbitraryEnvironment(), 30).map((one) => renderNamespace(one.environment));
    const unique = [...new Map(namespaces.map((one) => [one.metadata.name, one])).values()];
    const created = kubectl(
      ['create', '--dry-run=server', '--validate=strict', '-o', 'name', '-f', '-'],
      toYaml(unique, 'test'),
    );
    expect(created.trim().split('\n')).toEqual(unique.map(({ metadata }) => `namespace/${metadata.name}`));
  }, 60_000);

  it('nginx takes', () => {
    const configuration = join(folder, 'arbitrary.conf');
    const files = renderFiles(environment, services, { registry: REGISTRY });
    writeFileSync(configuration, files.find(({ path }) => path === 'proxy/nginx.conf')!.content);
    expect(testConfiguration(configuration)).toContain('test is successful');
  }, 60_000);
});

describe('nginx', () => {
  it('accepts the configuration', () => {
    const configuration = join(writeEnvironment(), 'proxy/nginx.conf');
    expect(testConfiguration(configuration)).toContain('test is successful');
  }, 60_000);

  it('is asked: a configuration with a mistake is refused', () => {
    const configuration = join(folder, 'wrong.conf');
    writeFileSync(configuration, 'events {\n}\nhttp {\n  proxy_pass x;\n}\n');
    expect(() => testConfiguration(configuration)).toThrow('"proxy_pass" directive is not allowed here');
  }, 60_000);
});

/** `nginx -t` by BERTH_TEST_NGINX or the machine's nginx; without one, in a container of the workspace's nginx image. */
function testConfiguration(configuration: string): string {
  const local = [process.env['BERTH_TEST_NGINX'], '/usr/sbin/nginx', '/usr/local/sbin/nginx'].find(
    (program) => program !== undefined && existsSync(program),
  );
  const args = ['-t', '-e', 'stderr', '-c'];
  const globals = ['-g', 'pid /tmp/nginx-test.pid;'];
  const result = local
    ? spawn(local, [...args, configuration, ...globals])
    : spawn('docker', [
        ...['run', '--rm', '--network', 'none', '--user', '0', '-v', `${configuration}:/nginx.conf:ro`],
        ...['--entrypoint', 'nginx', nginxImage(), ...args, '/nginx.conf', ...globals],
      ]);
  return result;
}

function nginxImage(): string {
  const images = run('docker', ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', `${REGISTRY}/nginx`]);
  const [image] = images.split('\n').filter((line) => line !== '' && !line.endsWith(':<none>'));
  if (!image)
    throw new Error(
      'no nginx to test with: install nginx, set BERTH_TEST_NGINX, or run `nx docker-build nginx`',
    );
  return image;
}

/** What a program says on either stream. @throws Error with it when it fails */
function spawn(program: string, args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(stdout + stderr);
  return stdout + stderr;
}
