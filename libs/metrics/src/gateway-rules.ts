import type { AlertRule, RuleGroup } from './rule';

const DAY_SECONDS = 24 * 60 * 60;

/**
 * Of the gateway itself, without which the services' alerts say nothing.
 * @param home the environment that it runs in
 * @param orchestrator of that environment
 */
export function gatewayRules(home: string, orchestrator: 'kubernetes' | 'swarm'): RuleGroup {
  const status = `nx status ${home}`;
  const logs = `nx logs ${home} --service=gateway`;
  const certificateEnds = (days: number) =>
    `min by (names, source) (berth_gateway_certificate_expiry_timestamp_seconds) - time() < ${days * DAY_SECONDS}`;
  const renew =
    orchestrator === 'swarm'
      ? `A new one goes into the file of that name on each node, and is served at once; or, when it is a secret: nx secret ${home}`
      : `A new one goes into the Secret of the same name in ${home}; the gateway takes it at once.`;
  const rules: AlertRule[] = [
    {
      alert: 'BerthGatewayIsNotSeen',
      expr: 'absent(berth_gateway_nginx_routes)',
      for: '5m',
      labels: { severity: 'critical' },
      annotations: {
        summary: 'No pod of the gateway tells Prometheus anything',
        description: `Either none runs, or scrape.yaml does not find them. See whether they run: ${status}`,
      },
    },
    {
      alert: 'BerthGatewayPodIsNotSeen',
      expr: `up{environment="${home}", service="gateway"} == 0`,
      for: '2m',
      labels: { severity: 'warning' },
      annotations: {
        summary: 'The pod {{ $labels.pod }} of the gateway does not answer at {{ $labels.instance }}',
        description: `See why: ${status}`,
      },
    },
    {
      alert: 'BerthGatewayServesOldRoutes',
      expr: 'berth_gateway_listed == 0',
      for: '2m',
      labels: { severity: 'warning' },
      annotations: {
        summary: 'The pod {{ $labels.pod }} of the gateway serves the routes of an earlier run',
        description: `It has not been able to list the cluster since it started. See why: ${logs}`,
      },
    },
    {
      alert: 'BerthGatewayTakesNoRoutes',
      expr: 'berth_gateway_generation == 0',
      for: '2m',
      labels: { severity: 'critical' },
      annotations: {
        summary: 'nginx of the pod {{ $labels.pod }} does not answer its controller',
        description: `What changes in the cluster does not get to it. See why: ${logs}`,
      },
    },
    {
      alert: 'BerthGatewayPodsDiffer',
      expr: 'max(berth_gateway_nginx_routes) - min(berth_gateway_nginx_routes) > 0',
      for: '5m',
      labels: { severity: 'warning' },
      annotations: {
        summary: 'One pod of the gateway has {{ $value }} routes more than another',
        description: `Whether an address is there depends on which pod is asked. See in what they differ: nx routes ${home}`,
      },
    },
    {
      alert: 'BerthGatewayFollowsSlowly',
      expr: 'histogram_quantile(0.99, sum by (le) (rate(berth_gateway_event_to_served_seconds_bucket[10m]))) > 1',
      for: '10m',
      labels: { severity: 'warning' },
      annotations: {
        summary: 'Changes take {{ $value | humanizeDuration }} until the gateway serves them',
        description: `Usually it is milliseconds. See what it does: ${logs}`,
      },
    },
    {
      alert: 'BerthEndpointsAreSetAside',
      expr: 'max(berth_gateway_endpoints_aside) > 0',
      for: '5m',
      labels: { severity: 'warning' },
      annotations: {
        summary: 'The gateway cannot connect to {{ $value }} endpoints that the cluster calls ready',
        description: `They get no requests until it can. Which they are: ${logs}`,
      },
    },
    {
      alert: 'BerthRouteIsRefused',
      expr: 'max by (reason) (berth_gateway_refusals) > 0',
      for: '5m',
      labels: { severity: 'warning' },
      annotations: {
        summary: '{{ $value }} addresses or endpoints get no route: {{ $labels.reason }}',
        description: `Which they are: nx routes ${home}`,
      },
    },
    {
      alert: 'BerthCertificateEnds',
      expr: certificateEnds(14),
      for: '1h',
      labels: { severity: 'warning' },
      annotations: {
        summary: 'The certificate for {{ $labels.names }} ends in {{ $value | humanizeDuration }}',
        description: `It is from {{ $labels.source }}. ${renew}`,
      },
    },
    {
      alert: 'BerthCertificateEndsSoon',
      expr: certificateEnds(3),
      for: '5m',
      labels: { severity: 'critical' },
      annotations: {
        summary: 'The certificate for {{ $labels.names }} ends in {{ $value | humanizeDuration }}',
        description: `It is from {{ $labels.source }}. ${renew}`,
      },
    },
  ];
  return { name: 'berth-gateway-alerts', rules };
}
