/** Where an API server is and how to be let in. */
export interface Connection {
  /** For example `https://10.123.0.1:6443`. */
  server: string;
  /** PEM. */
  ca?: string | Buffer;
  /** Client certificate, PEM. */
  cert?: string | Buffer;
  key?: string | Buffer;
  /** When the server is known by another name than that of its address. */
  serverName?: string;
  insecure?: boolean;
  /** Headers that let the caller in; asked before every request, since tokens change. */
  authorization?: () => Promise<Record<string, string>>;
  /** Milliseconds without a byte after which a request is given up; 30,000 when absent. */
  idleMs?: number;
  /** Milliseconds that a server is waited for which has answered before; 30,000 when absent. */
  patienceMs?: number;
  /** Told of each request that is tried again. */
  onRetry?: (message: string) => void;
  /** For messages, for example `context berth-local of deploy/clusters/local/kubeconfig`. */
  description: string;
  /** The start of a kubectl command against the same cluster, for hints. */
  kubectl: string;
  /** Name of the cluster in this workspace, for hints; absent when it may be any. */
  cluster?: string;
}
