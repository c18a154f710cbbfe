import { addressOf, portOf, tokenOf, wholeOf, type Variables } from '@berth/http-service';
import { contextIn, type KubeconfigContext } from '@berth/kube';
import { ADMIN_ENVIRONMENT } from '@berth/manifests';

export interface Settings {
  port: number;
  /** Where Prometheus asks. */
  metricsPort: number;
  /** File of the probes' latencies. */
  latencies: string;
  logLevel: string;
  /** Lets in whoever has it. */
  token: string;
  /** Whether an environment of the domain localhost asks for it too. */
  openOnLocalhost: boolean;
  /** Undefined: there are no log lines. */
  logReader: { url: URL; token: string } | undefined;
  /** Undefined: this is a pod, and its service account lets it in. */
  cluster: KubeconfigContext | undefined;
  /** That of this pod; undefined: where it says so itself. */
  namespace: string | undefined;
  /** Where dockerd is read, and in which environment this is; undefined where it runs on no Swarm. */
  swarm: { api: URL; environment: string } | undefined;
}

/** @throws Error that names the variable, and what was expected */
export function readSettings(env: Variables): Settings {
  const token = tokenOf(env, 'MONITORING_TOKEN');
  const open = env.OPEN_ON_LOCALHOST ?? 'false';
  if (open !== 'true' && open !== 'false')
    throw new Error(`OPEN_ON_LOCALHOST must be true or false, not ${JSON.stringify(open)}`);
  return {
    port: portOf(env),
    metricsPort: wholeOf(env, 'METRICS_PORT', { otherwise: 8081, min: 1, max: 65_535 }),
    latencies: env.LATENCIES ?? '/data/latencies',
    logLevel: env.LOG_LEVEL ?? 'info',
    token,
    openOnLocalhost: open === 'true',
    // On a Swarm there is none.
    logReader:
      env.LOG_READER_URL && !env.SWARM_API_URL
        ? {
            url: addressOf(env, 'LOG_READER_URL', 'http://log-reader'),
            token: tokenOf(env, 'LOG_READER_TOKEN'),
          }
        : undefined,
    cluster: contextIn(env),
    namespace: env.NAMESPACE,
    swarm: env.SWARM_API_URL
      ? {
          api: addressOf(env, 'SWARM_API_URL', 'http://monitoring-api:8080'),
          environment: env.SWARM_ENVIRONMENT ?? ADMIN_ENVIRONMENT,
        }
      : undefined,
  };
}
