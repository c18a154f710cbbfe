import { MANAGED_BY_LABEL, NAME_LABEL } from '@berth/manifests';

/** The name of a service's port at which Prometheus finds `/metrics`. */
export const METRICS_PORT = 'metrics';
/** The service at whose port `status` the gateway's controller has metrics of its own. */
export const GATEWAY = { service: 'gateway', port: 'status' };

/** Part of Prometheus' configuration (`scrape_configs`). */
export interface ScrapeConfigs {
  scrape_configs: object[];
}

/**
 * Finds the pods of all environments that have a port `metrics`. Their series get the environment, the service and the
 * pod as labels; only those of the gateway and its neighbours may name other environments and services than their own.
 * @param home the environment of the gateway
 */
export function renderScrapeConfigs(home: string): ScrapeConfigs {
  const selectors = [{ role: 'pod', label: `${MANAGED_BY_LABEL}=berth` }];
  const namespace = '__meta_kubernetes_namespace';
  const service = podLabel(NAME_LABEL);
  const port = '__meta_kubernetes_pod_container_port_name';
  const labels = [
    { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Succeeded|Failed', action: 'drop' },
    { source_labels: [namespace], target_label: 'environment' },
    { source_labels: [service], target_label: 'service' },
    { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
  ];
  return {
    scrape_configs: [
      {
        job_name: 'berth',
        // Whose requests the gateway has counted is in its own labels.
        honor_labels: true,
        kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: [home] }, selectors }],
        relabel_configs: [
          {
            source_labels: [service, port],
            regex: `[^;]+;${METRICS_PORT}|${GATEWAY.service};${GATEWAY.port}`,
            action: 'keep',
          },
          ...labels,
        ],
      },
      {
        job_name: 'berth-services',
        kubernetes_sd_configs: [{ role: 'pod', selectors }],
        relabel_configs: [
          { source_labels: [port], regex: METRICS_PORT, action: 'keep' },
          { source_labels: [namespace], regex: home, action: 'drop' },
          ...labels,
        ],
      },
    ],
  };
}

/** As Prometheus names a label of a pod: what is neither letter nor digit becomes an underscore. */
function podLabel(label: string): string {
  return `__meta_kubernetes_pod_label_${label.replaceAll(/[^A-Za-z0-9]/g, '_')}`;
}
