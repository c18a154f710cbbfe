/* Only tests use this: nginx in a container, from the gateway's image of now, started as the cluster does it. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import type { Route } from '@berth/routes';
import { setText, type Certificate } from './certificate';
import { NginxClient } from './nginx-client';
import { makeSelfSigned } from './self-signed';
import { ask } from './testing-request';
import { until } from './testing-until';

const runner = new ProcessRunner();
const docker = async (...argv: string[]) => (await runner.run(['docker', ...argv])).stdout.trim();

const WORKSPACE = join(__dirname, '../../..');
/** User of the pod's containers; root may use its socket too. */
const USER = process.getuid?.() || 1000;

/** Makes the image where the registry lacks it, and takes it from a record of that of its own. */
export async function gatewayImage(): Promise<string> {
  const record = '.berth/test/gateway-image.json';
  await runner.run([join(WORKSPACE, 'node_modules/.bin/nx'), 'docker-push', 'gateway', `--json=${record}`], {
    cwd: WORKSPACE,
    env: { NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' },
  });
  const { images } = JSON.parse(readFileSync(join(WORKSPACE, record), 'utf8')) as {
    images: { gateway: { reference: string } };
  };
  return images.gateway.reference;
}

export class TestGateway {
  /** Ports of 127.0.0.1. */
  httpPort = 0;
  httpsPort = 0;
  healthPort = 0;
  metricsPort = 0;
  readonly admin: NginxClient;
  #generation = 0;

  private constructor(
    readonly container: string,
    readonly image: string,
    /** What the pod's containers share: the admin socket and the snapshot. */
    readonly folder: string,
    /** This machine as nginx knows it. */
    readonly hostAddress: string,
  ) {
    this.admin = new NginxClient(this.socket);
  }

  get socket(): string {
    return join(this.folder, 'admin.sock');
  }

  get snapshot(): string {
    return join(this.folder, 'routes.json');
  }

  get certificates(): string {
    return join(this.folder, 'certificates.json');
  }

  /** @param files that take the place of those of nginx's configuration, by name */
  static async start(
    image: string,
    env: Readonly<Record<string, string>> = {},
    files: Readonly<Record<string, string>> = {},
  ): Promise<TestGateway> {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-nginx-'));
    chmodSync(folder, 0o777);
    // As the controller leaves it: without a certificate nginx is never ready.
    const certificates = [makeSelfSigned(['localhost'], new Date())];
    writeFileSync(join(folder, 'certificates.json'), setText({ generation: 1, certificates }));
    const volumes = Object.entries(files).flatMap(([name, text]) => {
      writeFileSync(join(folder, name), text, { mode: 0o644 });
      return ['--volume', `${join(folder, name)}:/etc/nginx/${name}:ro`];
    });
    const container = await docker(
      ...['run', '--detach', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
      ...['--user', `${USER}:${USER}`, '--memory', '256m', '--tmpfs', '/tmp:mode=1777'],
      ...['--publish', '127.0.0.1::8080', '--publish', '127.0.0.1::8443', '--publish', '127.0.0.1::8081'],
      ...['--publish', '127.0.0.1::8082'],
      ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...['--volume', `${folder}:/run/gateway`, ...volumes, image],
    );
    const address = await docker('inspect', '--format', '{{.NetworkSettings.Gateway}}', container);
    const gateway = new TestGateway(container, image, folder, address);
    await gateway.#untilUp();
    return gateway;
  }

  async remove(): Promise<void> {
    this.admin.close();
    await docker('rm', '--force', '--volumes', this.container);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Serves exactly these routes. */
  async serve(routes: Readonly<Record<string, Route>>): Promise<void> {
    this.#generation = Math.max(this.#generation, await this.admin.generation()) + 1;
    await this.admin.replace({ generation: this.#generation, routes: new Map(Object.entries(routes)) });
  }

  /** Sets and removes routes. */
  async change(set: Readonly<Record<string, Route>>, remove: string[] = []): Promise<void> {
    const from = await this.admin.generation();
    this.#generation = from + 1;
    await this.admin.change(from, this.#generation, { set: new Map(Object.entries(set)), remove });
  }

  /** Presents exactly these certificates. */
  async present(...certificates: Certificate[]): Promise<void> {
    const generation = (await this.admin.certificatesGeneration()) + 1;
    await this.admin.replaceCertificates({ generation, certificates });
  }

  async signal(name: 'KILL' | 'QUIT'): Promise<void> {
    await docker('kill', '--signal', name, this.container);
  }

  async exitCode(): Promise<number> {
    return Number(await docker('wait', this.container));
  }

  /** As the kubelet starts a container of a pod again: the shared folder stays as it is. */
  async startAgain(): Promise<void> {
    await docker('start', this.container);
    await this.#untilUp();
  }

  /** Process numbers of nginx's workers; a reload would bring new ones. */
  async workers(): Promise<string[]> {
    const lines = (await docker('top', this.container, '-eo', 'pid,args')).split('\n');
    return lines.filter((line) => line.includes('nginx: worker')).map((line) => line.trim().split(' ')[0]!);
  }

  async logs(): Promise<string[]> {
    const { stdout, stderr } = await runner.run(['docker', 'logs', this.container]);
    return `${stdout}${stderr}`.split('\n').filter(Boolean);
  }

  /** The values of now, by name and labels as nginx writes them. */
  async metrics(): Promise<Map<string, number>> {
    const { body } = await ask(this.metricsPort, 'metrics', { path: '/metrics' });
    const samples = body.split('\n').filter((line) => line && !line.startsWith('#'));
    return new Map(
      samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
    );
  }

  /** Runs a program of Node in the container. */
  async node(program: string): Promise<string> {
    return docker('exec', this.container, 'node', '--eval', program);
  }

  async #untilUp(): Promise<void> {
    const port = async (inside: number) =>
      Number((await docker('port', this.container, `${inside}/tcp`)).split('\n')[0]!.split(':').at(-1));
    try {
      [this.httpPort, this.httpsPort] = [await port(8080), await port(8443)];
      [this.healthPort, this.metricsPort] = [await port(8081), await port(8082)];
      await until(
        () => ask(this.healthPort, 'health', { path: '/healthz' }).catch((error: Error) => error),
        (answer) => 'status' in answer && answer.status === 200,
        20_000,
      );
    } catch (error) {
      throw new Error(`nginx did not start: ${(await this.logs()).join('\n')}`, { cause: error });
    }
  }
}
