import type { Refusal, ServedRoute } from '@berth/routes';
import { columns } from '../columns';
import { differences, type Difference } from './differences';
import type { GatewayRow } from './read-gateways';

const head = ['host', 'service', 'since', 'endpoints'];
/** More are counted only. */
const SHOWN_ENDPOINTS = 3;

/** What the gateway serves and refuses as lines of text: its pods together, and in what they differ. */
export function routesLines(rows: readonly GatewayRow[]): string[] {
  const served = rows.flatMap((row) => ('failure' in row ? [] : [row.served]));
  const routes = togetherByHost(served.map((table) => table.routes));
  const refused = together(served.flatMap((table) => table.refused));
  const table = columns([head, ...[...routes].sort(byHost).map(cells)]);
  const lines = routes.size > 0 ? table : ['No host has a route.'];
  if (refused.length > 0) lines.push('', 'refused', ...columns(refused.map(refusalCells)));
  const notes = [...rows.flatMap(notesOf), ...differences(rows).map(differenceLine)];
  return notes.length > 0 ? [...lines, '', ...notes] : lines;
}

/** A route that several pods serve is served since the first of them did. */
function togetherByHost(tables: readonly Readonly<Record<string, ServedRoute>>[]): Map<string, ServedRoute> {
  const routes = new Map<string, ServedRoute>();
  for (const [host, route] of tables.flatMap((table) => Object.entries(table))) {
    const before = routes.get(host);
    const times = [before?.since, route.since].filter((time) => time !== undefined).sort();
    routes.set(host, { ...(before ?? route), since: times[0] });
  }
  return routes;
}

function together(refused: readonly Refusal[]): Refusal[] {
  const byText = new Map(refused.map((refusal) => [JSON.stringify(refusal), refusal]));
  return [...byText.values()].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

function byHost([one]: [string, ServedRoute], [other]: [string, ServedRoute]): number {
  return one < other ? -1 : 1;
}

function cells([host, route]: [string, ServedRoute]): string[] {
  return [host, serviceOf(route), timeOf(route.since), endpointsOf(route.endpoints)];
}

function serviceOf({ environment, service, port }: Omit<ServedRoute, 'since'>): string {
  return `${environment}/${service}:${port}`;
}

function timeOf(since: string | undefined): string {
  return since?.slice(0, 19).replace('T', ' ') ?? 'not known';
}

function endpointsOf(endpoints: readonly string[]): string {
  const more = endpoints.length - SHOWN_ENDPOINTS;
  const shown = endpoints.slice(0, SHOWN_ENDPOINTS).join(' ');
  if (more > 0) return `${shown} and ${more} more`;
  return shown || 'none is ready';
}

function refusalCells({ service: { namespace, name }, host = '', reason, message }: Refusal): string[] {
  return [`${namespace}/${name}`, host, reason, message];
}

function nameOf({ service: { namespace, name }, host = '' }: Refusal): string {
  return `${namespace}/${name} ${host}`;
}

function notesOf(row: GatewayRow): string[] {
  if ('failure' in row) return [`${row.pod}: ${row.failure.message}`];
  const { generation, listed } = row.served;
  return [
    ...(generation === 0 ? [`${row.pod}: its nginx does not answer`] : []),
    ...(listed
      ? []
      : [`${row.pod}: it has not seen the cluster yet and serves the routes of an earlier run`]),
  ];
}

function differenceLine({ host, served }: Difference): string {
  const each = Object.entries(served).map(([pod, route]) =>
    route ? `${pod} leads to ${serviceOf(route)} (${endpointsOf(route.endpoints)})` : `${pod} has no route`,
  );
  return `${host}: ${each.join(', ')}`;
}
