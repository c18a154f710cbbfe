import { publicPorts, type Environment, type Service } from '@berth/model';
import type { RecordingRule, RuleGroup } from './rule';

/** Seconds in which 95 of 100 requests are to be answered. */
const SECONDS = 1;
/** The gateway's histogram ends at ten seconds: no quantile is found above. */
const LONGEST_SECONDS = 5;

/** What an environment's models say of its services. The gateway counts requests of those alone that have an address. */
export function renderLimits(environment: Environment, services: readonly Service[]): RuleGroup {
  return {
    name: `berth-limits-${environment.name}`,
    rules: services.flatMap((service) => serviceLimits(environment, service)),
  };
}

function serviceLimits(environment: Environment, service: Service): RecordingRule[] {
  const limit = (name: string, value: number | false | undefined): RecordingRule[] =>
    value === undefined || value === false
      ? []
      : [
          {
            record: `berth_model_${name}`,
            expr: `vector(${value})`,
            labels: { environment: environment.name, service: service.name },
          },
        ];
  const { min, max } = service.scale;
  const pods = [...limit('pods_min', min), ...limit('pods_max', max)];
  const ports = publicPorts(service).length;
  if (ports === 0) return pods;
  return [
    ...pods,
    ...limit('routes', ports + (service.proxy.hosts ?? []).length),
    ...limit('error_ratio_limit', service.alerts.errors),
    ...limit('seconds_limit', secondsLimit(service)),
  ];
}

/**
 * Who says for how long the gateway is to wait says what is slow: half of it. A call of gRPC may be a stream, which
 * lasts for as long as it likes.
 */
function secondsLimit(service: Service): number | false | undefined {
  if (service.alerts.seconds !== undefined) return service.alerts.seconds;
  if (publicPorts(service).some(({ appProtocol }) => appProtocol === 'grpc')) return undefined;
  const { readTimeout } = service.proxy;
  return readTimeout === undefined ? SECONDS : Math.min(readTimeout / 2, LONGEST_SECONDS);
}
