import http from 'node:http';
import type { Refusal, Route } from '@berth/routes';

export interface Status {
  /** Of the table in nginx; 0 when it has none or does not answer. */
  generation: number;
  /** Whether the cluster was listed: else the routes are those of an earlier run. */
  listed: boolean;
  routes: ReadonlyMap<string, Route>;
  refused: readonly Refusal[];
}

/**
 * A server, not yet listening, of `/healthz` (200 while the process runs), `/readyz` (200 when nginx has a table, else
 * 503) and `/routes`: `{ generation, listed, routes: { "<host>": Route }, refused: Refusal[] }`.
 */
export function createStatusServer(status: () => Status): http.Server {
  return http.createServer((request, response) => {
    const answer = (code: number, body: unknown): void => {
      response.writeHead(code, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify(body));
    };
    if (request.method !== 'GET') return answer(405, { error: 'only GET is answered here' });
    switch (request.url?.split('?')[0]) {
      case '/healthz':
        return answer(200, { status: 'alive' });
      case '/readyz': {
        const { generation } = status();
        if (generation > 0) return answer(200, { status: 'ready', generation });
        return answer(503, { status: 'nginx has no table' });
      }
      case '/routes': {
        const { routes, ...rest } = status();
        return answer(200, { ...rest, routes: Object.fromEntries(routes) });
      }
      default:
        return answer(404, { error: 'there are /healthz, /readyz and /routes' });
    }
  });
}
