import http from 'node:http';
import type { Refusal, Route, ServedRoutes } from '@berth/routes';
import type { CertificateStatus } from './certificates';
import { errorText } from './log';

export interface Status {
  /** Of the table in nginx; 0 when it has none or does not answer. */
  generation: number;
  /** Whether the cluster was listed: else the routes are those of an earlier run. */
  listed: boolean;
  routes: ReadonlyMap<string, Route>;
  /** Since when each is served as it is, by host, in RFC 3339. */
  since: ReadonlyMap<string, string>;
  refused: readonly Refusal[];
  /** In nginx, as far as they are known. */
  certificates: readonly CertificateStatus[];
}

/**
 * A server, not yet listening, of `/healthz` (200 while the process runs), `/readyz` (200 when nginx has a table, else
 * 503), `/routes` (ServedRoutes) and `/metrics`.
 */
export function createStatusServer(status: () => Status, metrics: () => Promise<string>): http.Server {
  return http.createServer((request, response) => {
    const send = (code: number, type: string, body: string): void => {
      response.writeHead(code, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(body);
    };
    const answer = (code: number, body: unknown): void =>
      send(code, 'application/json', JSON.stringify(body));
    if (request.method !== 'GET') return answer(405, { error: 'only GET is answered here' });
    switch (request.url?.split('?')[0]) {
      case '/healthz':
        return answer(200, { status: 'alive' });
      case '/readyz': {
        const { generation } = status();
        if (generation > 0) return answer(200, { status: 'ready', generation });
        return answer(503, { status: 'nginx has no table' });
      }
      case '/routes':
        return answer(200, servedRoutes(status()));
      case '/metrics':
        return void metrics().then(
          (text) => send(200, 'text/plain; version=0.0.4; charset=utf-8', text),
          (error: unknown) => answer(500, { error: errorText(error) }),
        );
      default:
        return answer(404, { error: 'there are /healthz, /readyz, /routes and /metrics' });
    }
  });
}

function servedRoutes({ routes, since, ...rest }: Status): ServedRoutes {
  const served = [...routes].map(([host, route]) => [host, { ...route, since: since.get(host) }] as const);
  return { ...rest, routes: Object.fromEntries(served) };
}
