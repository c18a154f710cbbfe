import { UserError } from '@berth/model';
import { clusterProject, newCredentials } from './cluster-hint';

/** The body of an answer that is no success: Kubernetes' Status object, as far as it is read. */
export interface StatusBody {
  message?: string;
  reason?: string;
  code?: number;
  details?: {
    retryAfterSeconds?: number;
    causes?: { reason?: string; message?: string; field?: string }[];
  };
}

/** The API server did not answer at all. */
export class UnreachableError extends UserError {
  override readonly name = 'UnreachableError';
}

/** The API server answered with an error. */
export class ApiError extends UserError {
  override readonly name: string = 'ApiError';
  constructor(
    message: string,
    /** HTTP status. */
    readonly status: number,
    /** Kubernetes' reason, for example `AlreadyExists`; empty when the answer had none. */
    readonly reason: string,
    readonly causes: readonly { reason: string; message: string; field: string }[],
    hint?: string,
  ) {
    super(message, hint);
  }
}

/** A field that a server-side apply may not change, and the manager that owns it. */
export interface FieldConflict {
  /** For example `.spec.replicas`. */
  field: string;
  manager: string;
}

/** Server-side apply met fields that other managers own. Nothing was changed. */
export class ConflictError extends ApiError {
  override readonly name = 'ConflictError';
  constructor(
    message: string,
    readonly conflicts: readonly FieldConflict[],
    hint?: string,
  ) {
    super(message, 409, 'Conflict', [], hint);
  }
}

/** What was tried and where, for the messages. */
export interface Attempt {
  method: string;
  path: string;
  /** For example `https://10.0.0.1:6443 (context berth-local of deploy/clusters/local/kubeconfig)`. */
  server: string;
  /** How to type a kubectl command against the same cluster. */
  kubectl: string;
  /** Name of the cluster in this workspace, if it is known. */
  cluster?: string;
  /** When the client certificate ends, if there is one. */
  certificateEnds?: Date;
  now: Date;
}

/** The error of an answer with a status of 400 or more. */
export function answerError(status: number, body: StatusBody, attempt: Attempt): ApiError {
  const what = `${attempt.method} ${attempt.path} at ${attempt.server}`;
  const text = body.message ?? `HTTP status ${status}`;
  const reason = body.reason ?? '';
  const causes = (body.details?.causes ?? []).map((cause) => ({
    reason: cause.reason ?? '',
    message: cause.message ?? '',
    field: cause.field ?? '',
  }));
  if (status === 409 && causes.some((cause) => cause.reason === 'FieldManagerConflict')) {
    const conflicts = causes
      .filter((cause) => cause.reason === 'FieldManagerConflict')
      .map((cause) => ({ field: cause.field, manager: conflictManager(cause.message) }));
    const lines = conflicts.map(({ field, manager }) => `  ${field} belongs to ${manager}`);
    return new ConflictError(
      `${what}: other field managers own what would change:\n${lines.join('\n')}`,
      conflicts,
    );
  }
  if (status === 401) {
    const ended = attempt.certificateEnds && attempt.certificateEnds < attempt.now;
    return new ApiError(
      ended
        ? `${what}: the client certificate expired on ${attempt.certificateEnds?.toISOString()}.`
        : `${what}: the API server does not accept these credentials.`,
      status,
      reason,
      causes,
      newCredentials(attempt.cluster),
    );
  }
  const message = status === 403 ? `${what}: forbidden: ${text}` : `${what}: ${text}`;
  return new ApiError(message, status, reason, causes, nextStep(status, text, attempt));
}

/** The credentials have no right to it. A quota, Pod Security or a webhook refuses by the same status. */
export function isDenied({ status, message }: Pick<ApiError, 'status' | 'message'>): boolean {
  return status === 403 && / cannot /.test(message);
}

/** What to type next; undefined when it depends on what was asked for. */
function nextStep(status: number, message: string, { kubectl, path }: Attempt): string | undefined {
  if (isDenied({ status, message })) return `See what is allowed: ${kubectl} auth can-i --list`;
  const quota = /exceeded quota: ([^,\s]+)/.exec(message)?.[1];
  if (quota) {
    const namespace = /\/namespaces\/([^/?]+)/.exec(path)?.[1];
    return `See what is used: ${kubectl}${namespace ? ` -n ${namespace}` : ''} describe resourcequota ${quota}`;
  }
  if (/admission webhook|calling webhook|ValidatingAdmissionPolicy/.test(message))
    return `See what the cluster lets judge it: ${kubectl} get validatingwebhookconfigurations,mutatingwebhookconfigurations,validatingadmissionpolicies`;
  if (status === 429)
    return `The API server is overloaded: wait, then run the same command again. What it does: ${kubectl} get --raw /metrics`;
  if (status >= 500)
    return `See what the API server lacks: ${kubectl} get --raw '/readyz?verbose'; then run the same command again.`;
  return undefined;
}

/** The error of an answer that no API server gives: a page, a redirection, or nothing where there should be JSON. */
export function strangerError(answer: string, attempt: Attempt): UnreachableError {
  const { server, cluster } = attempt;
  return new UnreachableError(
    `${attempt.method} ${attempt.path} at ${server}: what answers there is no Kubernetes API server (${answer}).`,
    `See what it is: curl -ik ${server.split(' ')[0]}/version\nThe address is that of the kubeconfig; new credentials: nx credentials ${clusterProject(cluster)}`,
  );
}

/** `conflict with "kubectl-edit" using apps/v1 at …` → `kubectl-edit`. */
function conflictManager(message: string): string {
  return /conflict with "([^"]*)"/.exec(message)?.[1] ?? message;
}
