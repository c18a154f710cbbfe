/* Only tests use this: nginx of the gateway's image with nothing of the gateway in it, to compare with. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { makeSelfSigned } from './self-signed';
import { ask } from './testing-request';
import { until } from './testing-until';

const runner = new ProcessRunner();
const docker = async (...argv: string[]) => (await runner.run(['docker', ...argv])).stdout.trim();

const ENDPOINT_PORT = 9000;

const CONFIGURATION = `
load_module /usr/lib/nginx/modules/ndk_http_module.so;
load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;
daemon off;
pid /tmp/nginx.pid;
error_log stderr warn;
# As the gateway has them: with the 512 of a worker, nginx ends idle HTTP/2 connections for those of another test,
# and h2spec counts an ended connection as the right answer to any mistake.
worker_processes 2;
worker_rlimit_nofile 16384;
events {
  worker_connections 8192;
}
http {
  access_log off;
  client_body_temp_path /tmp/client-body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  scgi_temp_path /tmp/scgi;
  uwsgi_temp_path /tmp/uwsgi;
  server {
    listen 8080;
    listen 8443 ssl;
    http2 on;
    ssl_certificate /plain/pair.pem;
    ssl_certificate_key /plain/pair.pem;
    location / {
      proxy_http_version 1.1;
      proxy_pass http://127.0.0.1:${ENDPOINT_PORT};
    }
  }
  server {
    listen ${ENDPOINT_PORT};
    # Not at once: what comes after a request's end is another mistake while its answer is open than after it.
    location / {
      content_by_lua_block {
        ngx.req.discard_body()
        ngx.sleep(0.2)
        ngx.print("fine")
      }
    }
  }
}
`;

export class PlainNginx {
  private constructor(
    private readonly container: string,
    private readonly folder: string,
    /** Ports of 127.0.0.1. */
    readonly httpPort: number,
    readonly httpsPort: number,
    /** The endpoint to which it passes everything on: itself, for a test's own process is busy with other tests. */
    readonly endpoint: string,
  ) {}

  static async start(image: string): Promise<PlainNginx> {
    const folder = mkdtempSync(join(tmpdir(), 'plain-nginx-'));
    const file = join(folder, 'nginx.conf');
    chmodSync(folder, 0o755);
    writeFileSync(file, CONFIGURATION, { mode: 0o644 });
    const { certificate, key } = makeSelfSigned(['localhost'], new Date());
    writeFileSync(join(folder, 'pair.pem'), certificate + key, { mode: 0o644 });
    const container = await docker(
      ...['run', '--detach', '--read-only', '--tmpfs', '/tmp:mode=1777'],
      ...['--publish', '127.0.0.1::8080', '--publish', '127.0.0.1::8443'],
      ...['--volume', `${file}:/etc/nginx/nginx.conf:ro`, '--volume', `${folder}:/plain:ro`, image],
    );
    const port = async (inside: number) =>
      Number((await docker('port', container, `${inside}/tcp`)).split('\n')[0]!.split(':').at(-1));
    const address = await docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', container);
    const endpoint = `${address}:${ENDPOINT_PORT}`;
    const nginx = new PlainNginx(container, folder, await port(8080), await port(8443), endpoint);
    await until(
      () => ask(nginx.httpPort, 'plain').catch((error: Error) => error),
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
