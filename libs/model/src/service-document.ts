import type { OrchestratorName } from './environment';
import type { Alerts, AppProtocol, NodeFolder, Proxy, Volume } from './service';

/** service.json as a person writes it, once it has passed its schema. */
export interface ServiceDocument {
  ports?: { name: string; port: number; appProtocol?: AppProtocol; public?: boolean; nodePort?: number }[];
  health?: HealthDocument;
  scale?: { min?: number; max?: number; cpu?: number };
  resources?: { cpu?: string; memory?: string };
  needs?: string[];
  env?: Record<string, string>;
  secrets?: (string | SecretDocument)[];
  volumes?: Volume[];
  command?: string[];
  user?: number;
  writable?: string[];
  nodeFolders?: NodeFolder[];
  image?: string;
  orchestrators?: OrchestratorName[];
  proxy?: Proxy;
  alerts?: Partial<Alerts>;
  sidecars?: {
    name: string;
    command: string[];
    env?: Record<string, string>;
    resources?: { cpu?: string; memory?: string };
  }[];
  apiAccess?: boolean;
  apiReader?: string[];
  taskRole?: string;
}

/** A secret that only some orchestrators need. */
export interface SecretDocument {
  name: string;
  orchestrators: OrchestratorName[];
}

/** One question to a container: one of path, tcp, grpc and exec. */
export interface ProbeDocument {
  path?: string;
  tcp?: string | true;
  grpc?: string | true;
  exec?: string[];
  port?: string;
  service?: string;
}

export interface HealthDocument extends ProbeDocument {
  readiness?: ProbeDocument;
  liveness?: ProbeDocument;
  startup?: ProbeDocument;
  startSeconds?: number;
}
