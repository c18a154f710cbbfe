/* Only tests use this: nginx of the gateway's image with nothing of the gateway in it, to compare with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { ask } from './testing-request';
import { until } from './testing-until';

const runner = new ProcessRunner();
const docker = async (...argv: string[]) => (await runner.run(['docker', ...argv])).stdout.trim();

const configuration = (endpoint: string): string => `
daemon off;
pid /tmp/nginx.pid;
error_log stderr warn;
events {}
http {
  access_log off;
  client_body_temp_path /tmp/client-body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  scgi_temp_path /tmp/scgi;
  uwsgi_temp_path /tmp/uwsgi;
  server {
    listen 8080;
    http2 on;
    location / {
      proxy_http_version 1.1;
      proxy_pass http://${endpoint};
    }
  }
}
`;

export class PlainNginx {
  private constructor(
    private readonly container: string,
    private readonly folder: string,
    /** Of 127.0.0.1. */
    readonly port: number,
  ) {}

  /** Passes everything on to one endpoint. */
  static async start(image: string, endpoint: string): Promise<PlainNginx> {
    const folder = mkdtempSync(join(tmpdir(), 'plain-nginx-'));
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, configuration(endpoint), { mode: 0o644 });
    const container = await docker(
      ...['run', '--detach', '--read-only', '--tmpfs', '/tmp:mode=1777', '--publish', '127.0.0.1::8080'],
      ...['--volume', `${file}:/etc/nginx/nginx.conf:ro`, image],
    );
    const port = Number((await docker('port', container, '8080/tcp')).split('\n')[0]!.split(':').at(-1));
    const nginx = new PlainNginx(container, folder, port);
    await until(
      () => ask(port, 'plain').catch((error: Error) => error),
      (answer) => 'status' in answer,
      20_000,
    );
    return nginx;
  }

  async remove(): Promise<void> {
    await docker('rm', '--force', '--volumes', this.container);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
