import type { Dashboard, Panel, RowPanel, VariableModel } from '@grafana/schema';
import { recorded } from './service-rules';

/** What Grafana 13 writes; others move what they read to their own. */
const SCHEMA_VERSION = 42;
const GRID_COLUMNS = 24;
const PANELS_ABREAST = 2;
const PANEL_ROWS = 8;

const datasource = { type: 'prometheus', uid: '${datasource}' };

interface Chart {
  title: string;
  /** Of Grafana: `reqps`, `percentunit`, `s`. */
  unit: string;
  /** Queries by their legend, which may have labels: `{{service}}`. */
  queries: Readonly<Record<string, string>>;
}

const chosen = '{environment="$environment", service=~"$service"}';

/** Where a limit of the models is drawn, its legend begins with this. */
const LIMIT = 'limit of';

const services: Chart[] = [
  {
    title: 'Requests',
    unit: 'reqps',
    queries: { '{{service}}': `${recorded.requests}${chosen}` },
  },
  {
    title: 'Requests that fail (5xx)',
    unit: 'percentunit',
    queries: {
      '{{service}}': `${recorded.errorRatio}${chosen}`,
      [`${LIMIT} {{service}}`]: `berth_model_error_ratio_limit${chosen}`,
    },
  },
  {
    title: 'Time of 95 of 100 requests',
    unit: 's',
    queries: {
      '{{service}}': `${recorded.seconds(95)}${chosen}`,
      [`${LIMIT} {{service}}`]: `berth_model_seconds_limit${chosen}`,
    },
  },
  {
    title: 'Time of 50 and of 99 of 100 requests',
    unit: 's',
    queries: {
      '50: {{service}}': `${recorded.seconds(50)}${chosen}`,
      '99: {{service}}': `${recorded.seconds(99)}${chosen}`,
    },
  },
  {
    title: 'Ready endpoints',
    unit: 'none',
    queries: {
      '{{service}}': `${recorded.endpoints}${chosen}`,
      [`${LIMIT} {{service}}: min`]: `berth_model_pods_min${chosen}`,
      [`${LIMIT} {{service}}: max`]: `berth_model_pods_max${chosen}`,
    },
  },
  {
    title: 'Tries in which an endpoint gave no answer',
    unit: 'reqps',
    queries: {
      '{{service}}': `sum by (service) (rate(berth_gateway_endpoint_failures_total${chosen}[$__rate_interval]))`,
    },
  },
  {
    title: 'Requests by class of status',
    unit: 'reqps',
    queries: {
      '{{service}} {{class}}': `sum by (service, class) (rate(berth_gateway_requests_total${chosen}[$__rate_interval]))`,
    },
  },
  {
    title: 'Alerts',
    unit: 'none',
    queries: {
      '{{alertname}} {{service}} {{alertstate}}':
        'ALERTS{alertname=~"Berth.+", environment=~"$environment|", service=~"$service|"}',
    },
  },
];

const gateway: Chart[] = [
  {
    title: 'Routes',
    unit: 'none',
    queries: { '{{pod}}': 'berth_gateway_nginx_routes' },
  },
  {
    title: 'What gets no route',
    unit: 'none',
    queries: { '{{reason}}': 'max by (reason) (berth_gateway_refusals)' },
  },
  {
    title: 'Requests that the gateway answers itself',
    unit: 'reqps',
    queries: {
      '{{reason}}': 'sum by (reason) (rate(berth_gateway_refused_requests_total[$__rate_interval]))',
    },
  },
  {
    title: 'Endpoints set aside, websockets open',
    unit: 'none',
    queries: {
      'aside: {{pod}}': 'berth_gateway_endpoints_aside',
      'websockets: {{pod}}': 'berth_gateway_websockets_open',
    },
  },
  {
    title: 'From an event to the route: 99 of 100 changes',
    unit: 's',
    queries: {
      '{{pod}}':
        'histogram_quantile(0.99, sum by (pod, le) (rate(berth_gateway_event_to_served_seconds_bucket[$__rate_interval])))',
    },
  },
  {
    title: 'Until a certificate ends',
    unit: 's',
    queries: {
      '{{names}}': 'min by (names) (berth_gateway_certificate_expiry_timestamp_seconds) - time()',
    },
  },
];

const monitoring: Chart[] = [
  {
    title: 'Probes that fail',
    unit: 'none',
    queries: {
      '{{service}} as {{host}}': `1 - berth_monitoring_probe_success${chosen} > 0`,
    },
  },
  {
    title: 'Time of 95 of 100 probes',
    unit: 's',
    queries: {
      '{{probe}}':
        'histogram_quantile(0.95, sum by (probe, le) (rate(berth_monitoring_probe_duration_seconds_bucket{environment="$environment"}[$__rate_interval])))',
    },
  },
];

/**
 * One for all environments: which one is a variable, and what differs from service to service, the limits of the models,
 * is drawn from series that the rules record.
 */
export function renderDashboard(description: string): Dashboard {
  return {
    uid: 'berth-services',
    title: 'Berth: services',
    description,
    tags: ['berth'],
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    graphTooltip: SHARED_CROSSHAIR,
    time: { from: 'now-3h', to: 'now' },
    timezone: 'browser',
    refresh: '30s',
    templating: { list: variables },
    panels: arranged({
      'Services of $environment': services,
      'Probes of $environment': monitoring,
      Gateway: gateway,
    }),
  };
}

const SHARED_CROSSHAIR = 1;
const ON_DASHBOARD_LOAD = 1;
const ALPHABETICAL = 1;

const query = (name: string, label: string, text: string): VariableModel => ({
  name,
  label,
  type: 'query',
  datasource,
  query: { query: text, refId: name },
  refresh: ON_DASHBOARD_LOAD,
  sort: ALPHABETICAL,
});

const variables: VariableModel[] = [
  { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
  query('environment', 'Environment', 'label_values(berth_gateway_route_endpoints, environment)'),
  {
    ...query(
      'service',
      'Service',
      'label_values(berth_gateway_route_endpoints{environment="$environment"}, service)',
    ),
    multi: true,
    includeAll: true,
    allValue: '.*',
  },
];

/** Each row by its title, and below it its charts. */
function arranged(rows: Readonly<Record<string, readonly Chart[]>>): (Panel | RowPanel)[] {
  const panels: (Panel | RowPanel)[] = [];
  let y = 0;
  for (const [title, charts] of Object.entries(rows)) {
    const id = panels.length + 1;
    panels.push({
      id,
      title,
      type: 'row',
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: GRID_COLUMNS, h: 1 },
    });
    y += 1;
    charts.forEach((chart, index) => {
      const w = GRID_COLUMNS / PANELS_ABREAST;
      const x = (index % PANELS_ABREAST) * w;
      const row = Math.floor(index / PANELS_ABREAST);
      panels.push(panelOf(chart, id + 1 + index, { x, y: y + row * PANEL_ROWS, w, h: PANEL_ROWS }));
    });
    y += Math.ceil(charts.length / PANELS_ABREAST) * PANEL_ROWS;
  }
  return panels;
}

function panelOf({ title, unit, queries }: Chart, id: number, gridPos: Panel['gridPos']): Panel {
  const targets = Object.entries(queries).map(([legendFormat, expr], index) => ({
    datasource,
    expr,
    legendFormat,
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
  }));
  const dashed = {
    matcher: { id: 'byRegexp', options: `/^${LIMIT} /` },
    properties: [
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
      { id: 'custom.fillOpacity', value: 0 },
    ],
  };
  return {
    id,
    title,
    type: 'timeseries',
    datasource,
    gridPos,
    targets,
    fieldConfig: {
      defaults: { unit, min: 0, custom: { fillOpacity: 10, showPoints: 'never' } },
      overrides: targets.some(({ legendFormat }) => legendFormat.startsWith(LIMIT)) ? [dashed] : [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}
