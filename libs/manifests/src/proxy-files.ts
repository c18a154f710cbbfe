import { hostOf, publicPorts, type Environment, type Port, type Proxy, type Service } from '@berth/model';
import { renderNginxConfiguration, type NginxServer } from './nginx-template';
import type { GeneratedFile } from './object';

/** One line of hosts.json: requests for these hosts go to this port of this service. */
interface ProxyRule {
  /** The main one first. */
  hosts: string[];
  service: string;
  namespace: string;
  port: number;
  appProtocol: Port['appProtocol'];
  proxy: Omit<Proxy, 'hosts'>;
}

/** Address that kubeadm gives the cluster's DNS service. */
const CLUSTER_DNS = '10.96.0.10';
/** Where nginx before 1.25.1 speaks HTTP/2 without TLS, which it cannot on the port of HTTP/1. */
const HTTP2_LISTEN = '50051 http2';

/** The environment's proxy rules, as data and as a configuration for who runs nginx by hand. */
export function renderProxyFiles(
  environment: Environment,
  services: readonly Service[],
  header: string,
): GeneratedFile[] {
  const rules = services.flatMap((service) => proxyRules(environment, service));
  return [
    {
      path: 'proxy/hosts.json',
      content: `${JSON.stringify({ generated: header, domain: environment.domain, rules }, null, 2)}\n`,
    },
    { path: 'proxy/nginx.conf', content: renderNginx(rules, header) },
  ];
}

function proxyRules(environment: Environment, service: Service): ProxyRule[] {
  const { hosts = [], ...proxy } = service.proxy;
  return publicPorts(service).map((port, index) => ({
    hosts: [hostOf(service, port, environment), ...(index === 0 ? hosts : [])],
    service: service.name,
    namespace: environment.name,
    port: port.port,
    appProtocol: port.appProtocol,
    proxy,
  }));
}

function renderNginx(rules: readonly ProxyRule[], header: string): string {
  const servers = rules.map(nginxServer);
  return renderNginxConfiguration({
    header: header.split('\n'),
    resolver: CLUSTER_DNS,
    listens: ['80', ...(servers.some((server) => server.listen === HTTP2_LISTEN) ? [HTTP2_LISTEN] : [])],
    servers,
  });
}

function nginxServer(rule: ProxyRule): NginxServer {
  const http2 = rule.appProtocol === 'grpc' || rule.appProtocol === 'h2c';
  const { connectTimeout, readTimeout, bodySize, path } = rule.proxy;
  const kind = http2 ? 'grpc' : 'proxy';
  const restricted = path !== undefined && path !== '/';
  return {
    comment: `${rule.service}, port ${rule.port} (${rule.appProtocol})`,
    listen: http2 ? HTTP2_LISTEN : '80',
    names: rule.hosts.join(' '),
    locations: restricted ? [`= ${path.replace(/\/+$/, '')}`, `^~ ${path.replace(/\/+$/, '')}/`] : ['/'],
    restricted,
    upstream: `${rule.service}.${rule.namespace}.svc.cluster.local:${rule.port}`,
    pass: http2 ? 'grpc_pass grpc://$upstream' : 'proxy_pass http://$upstream',
    settings: [
      ...(connectTimeout !== undefined ? [`${kind}_connect_timeout ${connectTimeout}s`] : []),
      ...(readTimeout !== undefined ? [`${kind}_read_timeout ${readTimeout}s`] : []),
      ...(bodySize !== undefined ? [`client_max_body_size ${bodySize}`] : []),
      `${kind}_set_header Host $host`,
      `${kind}_set_header X-Forwarded-For $remote_addr`,
      `${kind}_set_header X-Forwarded-Proto $scheme`,
      ...(http2
        ? []
        : [
            'proxy_http_version 1.1',
            'proxy_set_header Upgrade $http_upgrade',
            'proxy_set_header Connection $connection_upgrade',
          ]),
    ],
  };
}
