/** Series by their name and labels, each with its values a minute apart, in the notation of `promtool test rules`. */
type Series = Readonly<Record<string, string>>;

export interface Scenario {
  alert: string;
  /** Of these series comes the alert. */
  ill: Series;
  /** Of these it does not. */
  well: Series;
  /** When it is looked at, for example `10m`. */
  at: string;
  /** Of the alert, besides its name. */
  labels: Readonly<Record<string, string>>;
  summary: string;
}

const web = { environment: 'staging', service: 'web' };
const ofWeb = (more = '') =>
  `{environment="staging",service="web",host="web-staging.localhost"${more && `,${more}`}}`;
const endpoints = (values: string, pod = 'gateway-a'): Series => ({
  [`berth_gateway_route_endpoints${ofWeb(`pod="${pod}"`)}`]: values,
});
const shopEndpoints: Series = Object.fromEntries(
  ['shop-staging.localhost', 'shop.example.com'].map((host) => [
    `berth_gateway_route_endpoints{environment="staging",service="shop",host="${host}"}`,
    '1x60',
  ]),
);
const requests = (succeeded: string, failed: string): Series => ({
  [`berth_gateway_requests_total${ofWeb('class="2xx"')}`]: succeeded,
  [`berth_gateway_requests_total${ofWeb('class="5xx"')}`]: failed,
});
const seconds = (buckets: Series): Series =>
  Object.fromEntries(
    Object.entries(buckets).map(([le, values]) => [
      `berth_gateway_request_seconds_bucket${ofWeb(`le="${le}"`)}`,
      values,
    ]),
  );
const ofPod = (name: string, values: string, pod = 'gateway-a'): Series => ({
  [`berth_gateway_${name}{environment="admin",service="gateway",pod="${pod}"}`]: values,
});
const gatewayPod = { environment: 'admin', service: 'gateway', pod: 'gateway-a' };
const served = (withinOne: string, all: string): Series => ({
  'berth_gateway_event_to_served_seconds_bucket{pod="gateway-a",le="1"}': withinOne,
  'berth_gateway_event_to_served_seconds_bucket{pod="gateway-a",le="3"}': all,
  'berth_gateway_event_to_served_seconds_bucket{pod="gateway-a",le="+Inf"}': all,
});
const up = (values: string): Series => ({
  'up{job="berth",environment="admin",service="gateway",pod="gateway-a",instance="10.0.0.1:8082"}': values,
});
const refusals = (values: string): Series => ({ 'berth_gateway_refusals{reason="HostTaken"}': values });
/** The clock of these tests begins in 1970. */
const certificate = (days: number): Series => ({
  'berth_gateway_certificate_expiry_timestamp_seconds{names="*.localhost,localhost",source="gateway-tls"}': `${days * 86_400}x180`,
});
const ofCertificate = { names: '*.localhost,localhost', source: 'gateway-tls' };

const probe = (values: string, environment = 'staging'): Series => ({
  [`berth_monitoring_probe_success{environment="${environment}",service="web",probe="health",host="web.staging"}`]:
    values,
});

/** In an environment `staging` of `web`, with two to four pods and a readTimeout of two seconds, and of `shop`. */
export const scenarios: readonly Scenario[] = [
  {
    alert: 'BerthServiceHasNoEndpoint',
    ill: endpoints('2x5 0x30'),
    // One pod of the gateway has not heard of them yet.
    well: { ...endpoints('2x5 0x30'), ...endpoints('2x60', 'gateway-b') },
    at: '10m',
    labels: { ...web, severity: 'critical' },
    summary: 'web of staging has no ready pod',
  },
  {
    alert: 'BerthServiceHasTooFewEndpoints',
    ill: endpoints('1x60'),
    well: endpoints('2x60'),
    at: '15m',
    labels: { ...web, severity: 'warning' },
    summary: 'web of staging has 1 ready pods, fewer than scale.min',
  },
  {
    alert: 'BerthServiceIsAtItsMaximum',
    ill: endpoints('4x60'),
    well: endpoints('3x60'),
    at: '45m',
    labels: { ...web, severity: 'warning' },
    summary: 'web of staging has had 4 pods for half an hour, which is scale.max',
  },
  {
    alert: 'BerthServiceHasTooFewRoutes',
    ill: shopEndpoints,
    well: { ...shopEndpoints, ...endpoints('0x60'), ...endpoints('0x60', 'gateway-b') },
    at: '10m',
    labels: { ...web, severity: 'warning' },
    summary: 'web of staging is to have 1 addresses, and the gateway has fewer',
  },
  {
    // Nothing is to be had of an environment that is not deployed.
    alert: 'BerthServiceHasTooFewRoutes',
    ill: endpoints('1x60'),
    well: {},
    at: '10m',
    labels: { environment: 'staging', service: 'shop', severity: 'warning' },
    summary: 'shop of staging is to have 2 addresses, and the gateway has fewer',
  },
  {
    alert: 'BerthServiceFails',
    ill: requests('0+90x60', '0+10x60'),
    well: requests('0+98x60', '0+2x60'),
    at: '15m',
    labels: { ...web, severity: 'critical' },
    summary: 'web of staging fails 10% of its requests',
  },
  {
    alert: 'BerthServiceIsSlow',
    ill: seconds({ '1': '0+90x60', '2.5': '0+100x60', '+Inf': '0+100x60' }),
    well: seconds({ '1': '0+99x60', '2.5': '0+100x60', '+Inf': '0+100x60' }),
    at: '20m',
    labels: { ...web, severity: 'warning' },
    summary: 'web of staging takes 1.75s for 5 of 100 requests, or more',
  },
  {
    alert: 'BerthGatewayIsNotSeen',
    ill: {},
    well: ofPod('nginx_routes', '3x60'),
    at: '10m',
    labels: { severity: 'critical' },
    summary: 'No pod of the gateway tells Prometheus anything',
  },
  {
    alert: 'BerthGatewayPodIsNotSeen',
    ill: up('0x60'),
    well: up('1x60'),
    at: '10m',
    labels: { ...gatewayPod, job: 'berth', instance: '10.0.0.1:8082', severity: 'warning' },
    summary: 'The pod gateway-a of the gateway does not answer at 10.0.0.1:8082',
  },
  {
    alert: 'BerthGatewayServesOldRoutes',
    ill: ofPod('listed', '0x60'),
    well: ofPod('listed', '1x60'),
    at: '10m',
    labels: { ...gatewayPod, severity: 'warning' },
    summary: 'The pod gateway-a of the gateway serves the routes of an earlier run',
  },
  {
    alert: 'BerthGatewayTakesNoRoutes',
    ill: ofPod('generation', '7x3 0x60'),
    well: ofPod('generation', '7x60'),
    at: '10m',
    labels: { ...gatewayPod, severity: 'critical' },
    summary: 'nginx of the pod gateway-a does not answer its controller',
  },
  {
    alert: 'BerthGatewayPodsDiffer',
    ill: { ...ofPod('nginx_routes', '3x60'), ...ofPod('nginx_routes', '5x60', 'gateway-b') },
    well: { ...ofPod('nginx_routes', '5x60'), ...ofPod('nginx_routes', '5x60', 'gateway-b') },
    at: '10m',
    labels: { severity: 'warning' },
    summary: 'One pod of the gateway has 2 routes more than another',
  },
  {
    alert: 'BerthGatewayFollowsSlowly',
    ill: served('0+1x60', '0+100x60'),
    well: served('0+100x60', '0+100x60'),
    at: '30m',
    labels: { severity: 'warning' },
    summary: 'Changes take 2.98s until the gateway serves them',
  },
  {
    alert: 'BerthEndpointsAreSetAside',
    ill: ofPod('endpoints_aside', '1x60'),
    well: ofPod('endpoints_aside', '1x3 0x60'),
    at: '10m',
    labels: { severity: 'warning' },
    summary: 'The gateway cannot connect to 1 endpoints that the cluster calls ready',
  },
  {
    alert: 'BerthRouteIsRefused',
    ill: refusals('2x60'),
    well: refusals('2x3 0x60'),
    at: '10m',
    labels: { reason: 'HostTaken', severity: 'warning' },
    summary: '2 addresses or endpoints get no route: HostTaken',
  },
  {
    alert: 'BerthCertificateEnds',
    ill: certificate(10),
    well: certificate(20),
    at: '2h',
    labels: { ...ofCertificate, severity: 'warning' },
    summary: 'The certificate for *.localhost,localhost ends in 9d 22h 0m 0s',
  },
  {
    alert: 'BerthCertificateEndsSoon',
    ill: certificate(2),
    well: certificate(4),
    at: '1h',
    labels: { ...ofCertificate, severity: 'critical' },
    summary: 'The certificate for *.localhost,localhost ends in 1d 23h 0m 0s',
  },
  {
    alert: 'BerthProbeFails',
    ill: probe('1x3 0x60'),
    // Of an environment that this workspace does not know.
    well: { ...probe('1x60'), ...probe('0x60', 'pr-7') },
    at: '15m',
    labels: { ...web, probe: 'health', host: 'web.staging', severity: 'critical' },
    summary: 'web of staging does not answer as web.staging',
  },
  {
    alert: 'BerthMonitoringIsBlind',
    ill: { 'berth_monitoring_data_age_seconds{pod="monitoring-0"}': '0+60x60' },
    well: { 'berth_monitoring_data_age_seconds{pod="monitoring-0"}': '0x60' },
    at: '10m',
    labels: { pod: 'monitoring-0', severity: 'warning' },
    summary: 'The monitoring page has not heard of the cluster for 10m 0s',
  },
];
