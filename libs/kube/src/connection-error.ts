import { clusterProject, newCredentials } from './cluster-hint';
import { UnreachableError, type Attempt } from './errors';

const EXPIRED = new Set(['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_HAS_EXPIRED']);

/** The error of a request that got no answer. */
export function connectionError(error: Error & { code?: string }, attempt: Attempt): UnreachableError {
  const code = connectionCode(error);
  const [problem, hint] = described(code, error, attempt);
  return new UnreachableError(`${attempt.method} ${attempt.path} at ${attempt.server}: ${problem}.`, hint, {
    cause: error,
  });
}

/** The code of a connection's error; of a name with several addresses, that of the first. */
export function connectionCode(error: unknown): string {
  const { code, errors } = error as { code?: string; errors?: unknown[] };
  if (code) return code;
  return errors?.[0] ? connectionCode(errors[0]) : '';
}

function described(code: string, error: Error, attempt: Attempt): [problem: string, hint: string] {
  const { kubectl, cluster, certificateEnds, now } = attempt;
  const { host, hostname, protocol } = new URL(attempt.server.split(' ')[0] ?? '');
  if (EXPIRED.has(code)) {
    return [
      "the API server's certificate has expired",
      'Renew it on the control plane: kubeadm certs renew all',
    ];
  }
  if (code.includes('ALERT')) {
    const ended = certificateEnds && certificateEnds < now;
    return [
      ended
        ? `the client certificate expired on ${certificateEnds.toISOString()}`
        : `the API server does not accept the client certificate (${code})`,
      newCredentials(cluster),
    ];
  }
  if (/^ERR_OSSL_|^ERR_CRYPTO_/.test(code)) {
    return [`the certificate or key of the kubeconfig cannot be used (${code})`, newCredentials(cluster)];
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code)) {
    return [
      `the API server's certificate is not trusted (${code}): this kubeconfig is of another cluster`,
      newCredentials(cluster),
    ];
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO' || code.startsWith('HPE_')) {
    const spoken = protocol === 'https:' ? 'TLS' : 'plain http';
    return [
      `what answers there does not speak ${spoken} (${code})`,
      `See what it is: curl -ik ${protocol === 'https:' ? 'http' : 'https'}://${host}/version`,
    ];
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return [
      `the name ${hostname} does not resolve (${code})`,
      `See whether the server's name in the kubeconfig is right and DNS answers: getent hosts ${hostname}`,
    ];
  }
  return [
    `the API server does not answer (${code === 'ETIMEDOUT' ? `${code}, ${error.message}` : code || error.message})`,
    `Is the cluster up? ${kubectl} get nodes; a cluster of this workspace comes up with: nx create ${clusterProject(cluster)}`,
  ];
}
