import type { RuleGroup } from './rule';

/** Of what the monitoring page probes, from inside and through the gateway. @param home the environment that it runs in */
export function monitoringRules(home: string): RuleGroup {
  return {
    name: 'berth-monitoring-alerts',
    rules: [
      {
        alert: 'BerthProbeFails',
        // Of the environments of this workspace: those of branches are nobody's at night.
        expr: 'berth_monitoring_probe_success == 0 and on (environment, service) berth_model_pods_min > 0',
        for: '5m',
        labels: { severity: 'critical' },
        annotations: {
          summary: '{{ $labels.service }} of {{ $labels.environment }} does not answer as {{ $labels.host }}',
          description: 'What is wrong with it: nx status {{ $labels.environment }}',
        },
      },
      {
        alert: 'BerthMonitoringIsBlind',
        expr: 'berth_monitoring_data_age_seconds > 60',
        for: '2m',
        labels: { severity: 'warning' },
        annotations: {
          summary: 'The monitoring page has not heard of the cluster for {{ $value | humanizeDuration }}',
          description: `See why: nx logs ${home} --service=monitoring`,
        },
      },
    ],
  };
}
