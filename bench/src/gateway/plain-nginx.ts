import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Container } from '../container';
import { ENDPOINT_PORT } from './objects';

/** Where nginx keeps what a container with a read-only root cannot have elsewhere. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi']
  .map((name) => `  ${name}_temp_path /tmp/${name};\n`)
  .join('');

/** Idle connections to endpoints that a worker has room for: half of its own, since requests take some too. */
const KEPT = 4096;

const LOG = '  access_log /dev/stdout combined buffer=4k flush=1s;\n';

/** As much as the gateway's nginx may do. */
const HEAD = `daemon off;
pid /tmp/nginx.pid;
error_log stderr warn;
worker_processes 2;
worker_rlimit_nofile 16384;
events {
  worker_connections 8192;
}
`;

/** What one would write by hand: an upstream and a server for each host. @param endpoints by host */
export function routesConfiguration(port: number, endpoints: ReadonlyMap<string, readonly string[]>): string {
  const kept = Math.min(32, Math.floor(KEPT / endpoints.size));
  const keepalive = kept > 0 ? `keepalive ${kept};` : '';
  const routes = [...endpoints].map(([host, addresses], index) => {
    const servers = addresses.map((address) => `server ${address};`).join(' ');
    return `  upstream u${index} { ${servers} ${keepalive} }
  server { listen ${port}; server_name ${host}; location / { proxy_pass http://u${index}; } }
`;
  });
  return `${HEAD}
http {
${TEMPORARY}${LOG}  server_names_hash_max_size 65536;
  server_names_hash_bucket_size 128;
  proxy_http_version 1.1;
  proxy_set_header Host $host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_to_endpoint;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme;
  map $http_upgrade $connection_to_endpoint { default upgrade; "" ""; }
  server { listen ${port} default_server backlog=4096; return 404; }
${routes.join('')}}
`;
}

/** Answers at every address of the network at once, so each endpoint has one of its own. */
export function backEndConfiguration(): string {
  return `${HEAD}
http {
${TEMPORARY}  access_log off;
  keepalive_requests 1000000;
  server { listen ${ENDPOINT_PORT} backlog=4096; return 200 "fine\\n"; }
}
`;
}

/** nginx of the gateway's image, with nothing of the gateway in it. */
export class PlainNginx {
  private constructor(
    private readonly folder: string,
    readonly container: Container,
  ) {}

  static async start(folder: string, image: string, network: string, text: string): Promise<PlainNginx> {
    mkdirSync(folder, { recursive: true });
    write(folder, text);
    const argv = ['nginx', '-c', '/configuration/nginx.conf'];
    const container = await Container.start({
      image,
      network,
      argv,
      volumes: { [folder]: '/configuration' },
    });
    return new PlainNginx(folder, container);
  }

  /** By a reload, as everybody has to do who writes routes into the configuration. */
  async change(text: string): Promise<void> {
    write(this.folder, text);
    await this.container.signal('HUP');
  }
}

function write(folder: string, text: string): void {
  writeFileSync(join(folder, 'nginx.conf'), text, { mode: 0o644 });
}
