import type { AlertRule, RecordingRule, RuleGroup } from './rule';

const by = 'by (environment, service)';
const on = 'on (environment, service)';
const where = '{{ $labels.service }} of {{ $labels.environment }}';
const status = 'nx status {{ $labels.environment }}';
const logs = 'nx logs {{ $labels.environment }} --service={{ $labels.service }}';

/** Names of what is recorded of each public service: for the alerts, and for whoever asks. */
export const recorded = {
  requests: 'environment_service:berth_requests:rate5m',
  errorRatio: 'environment_service:berth_errors:ratio_rate5m',
  routes: 'environment_service:berth_routes:count',
  endpoints: 'environment_service:berth_endpoints:min',
  seconds: (percent: number) => `environment_service:berth_request_seconds:p${percent}_5m`,
};

/** Of all environments alike. What differs from one service to the other is in the series of renderLimits. */
export const serviceRules: readonly RuleGroup[] = [
  {
    name: 'berth-services',
    rules: [
      record(recorded.requests, `sum ${by} (rate(berth_gateway_requests_total[5m]))`),
      record(
        recorded.errorRatio,
        // Without any error there is no series of errors.
        `(sum ${by} (rate(berth_gateway_requests_total{class="5xx"}[5m])) or ${recorded.requests} * 0) / (${recorded.requests} > 0)`,
      ),
      ...[50, 95, 99].map((percent) =>
        record(
          recorded.seconds(percent),
          `histogram_quantile(${percent / 100}, sum by (environment, service, le) (rate(berth_gateway_request_seconds_bucket[5m])))`,
        ),
      ),
      record(
        recorded.routes,
        `count ${by} (group by (environment, service, host) (berth_gateway_route_endpoints))`,
      ),
      // What one pod of the gateway has not heard of yet another one has; of several hosts the worst counts.
      record(
        recorded.endpoints,
        `min ${by} (max by (environment, service, host) (berth_gateway_route_endpoints))`,
      ),
    ],
  },
  { name: 'berth-service-alerts', rules: serviceAlerts() },
];

function record(name: string, expr: string): RecordingRule {
  return { record: name, expr };
}

function serviceAlerts(): AlertRule[] {
  const { endpoints, errorRatio, routes, seconds } = recorded;
  return [
    {
      alert: 'BerthServiceHasNoEndpoint',
      expr: `${endpoints} == 0 and ${on} berth_model_pods_min > 0`,
      for: '1m',
      labels: { severity: 'critical' },
      annotations: {
        summary: `${where} has no ready pod`,
        description: `The gateway answers its requests with 503. See why: ${status}`,
      },
    },
    {
      alert: 'BerthServiceHasTooFewEndpoints',
      expr: `${endpoints} > 0 and ${endpoints} < ${on} berth_model_pods_min`,
      for: '10m',
      labels: { severity: 'warning' },
      annotations: {
        summary: `${where} has {{ $value }} ready pods, fewer than scale.min`,
        description: `See why: ${status}`,
      },
    },
    {
      alert: 'BerthServiceIsAtItsMaximum',
      expr: `${endpoints} >= ${on} berth_model_pods_max`,
      for: '30m',
      labels: { severity: 'warning' },
      annotations: {
        summary: `${where} has had {{ $value }} pods for half an hour, which is scale.max`,
        description: 'With more load it gets no more pods. Raise scale.max, or make the service faster.',
      },
    },
    {
      alert: 'BerthServiceHasTooFewRoutes',
      // Where the gateway knows no service of the environment, it is not deployed.
      expr: `berth_model_routes > ${on} (${routes} or berth_model_routes * 0) and on (environment) ${routes}`,
      for: '5m',
      labels: { severity: 'warning' },
      annotations: {
        summary: `${where} is to have {{ $value }} addresses, and the gateway has fewer`,
        description: 'What it refuses, and why: nx routes {{ $labels.environment }}',
      },
    },
    {
      alert: 'BerthServiceFails',
      expr: `${errorRatio} > ${on} berth_model_error_ratio_limit`,
      for: '5m',
      labels: { severity: 'critical' },
      annotations: {
        summary: `${where} fails {{ $value | humanizePercentage }} of its requests`,
        description: `They are answered with 5xx. See why: ${logs}`,
      },
    },
    {
      alert: 'BerthServiceIsSlow',
      expr: `${seconds(95)} > ${on} berth_model_seconds_limit`,
      for: '10m',
      labels: { severity: 'warning' },
      annotations: {
        summary: `${where} takes {{ $value | humanizeDuration }} for 5 of 100 requests, or more`,
        description: `See what it does: ${logs}`,
      },
    },
  ];
}
