import { portOf, tokenOf, type Variables } from '@berth/http-service';
import { contextIn, type KubeconfigContext } from '@berth/kube';

export interface Settings {
  port: number;
  logLevel: string;
  /** Lets in whoever has it. */
  token: string;
  /** Undefined: this is a pod, and its service account lets it in. */
  cluster: KubeconfigContext | undefined;
}

/** @throws Error that names the variable, and what was expected */
export function readSettings(env: Variables): Settings {
  return {
    port: portOf(env),
    logLevel: env.LOG_LEVEL ?? 'info',
    token: tokenOf(env, 'LOG_READER_TOKEN'),
    cluster: contextIn(env),
  };
}
