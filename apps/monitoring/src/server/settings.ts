import { portOf, wholeOf, type Variables } from '@berth/http-service';
import { contextIn, type KubeconfigContext } from '@berth/kube';

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
  /** Undefined: this is a pod, and its service account lets it in. */
  cluster: KubeconfigContext | undefined;
  /** That of this pod; undefined: where it says so itself. */
  namespace: string | undefined;
}

/** Fewer characters can be guessed. */
const shortestToken = 16;

/** @throws Error that names the variable, and what was expected */
export function readSettings(env: Variables): Settings {
  const token = env.MONITORING_TOKEN ?? '';
  if (token.length < shortestToken)
    throw new Error(`MONITORING_TOKEN must have at least ${shortestToken} characters, not ${token.length}`);
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
    cluster: contextIn(env),
    namespace: env.NAMESPACE,
  };
}
