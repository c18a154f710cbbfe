import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { BUSY } from './arguments';
import type { ControlPlaneOptions } from './control-plane';
import { auditPolicy } from './request-log';

/** The name of the context in every kubeconfig. */
export const CONTEXT = 'bench';

/** Everybody may do everything, as whoever made the cluster may. */
const GROUP = 'system:masters';

/** Of the control plane itself; its requests are not counted. */
export const OPERATOR = 'operator';

/** Absolute paths of what the programs of a control plane read and write. */
export function controlPlaneFiles(folder: string) {
  const at = (name: string) => join(folder, name);
  return {
    tokens: at('tokens.csv'),
    auditPolicy: at('audit-policy.yaml'),
    auditLog: at('audit.log'),
    scheduler: at('scheduler.yaml'),
    etcd: at('etcd'),
    certificates: at('certificates'),
    signingKey: at('service-accounts.key'),
    verifyingKey: at('service-accounts.pub'),
    kubeconfig: (user: string) => at(`${user}.kubeconfig`),
  };
}
export type ControlPlaneFiles = ReturnType<typeof controlPlaneFiles>;

/**
 * @param server its address
 * @param busy whether much changes at once
 */
export function writeFiles(
  files: ControlPlaneFiles,
  server: string,
  { users, busy = false }: Pick<ControlPlaneOptions, 'users' | 'busy'>,
): void {
  const tokens = new Map([OPERATOR, ...users].map((user) => [user, randomUUID()]));
  const lines = [...tokens].map(([user, token]) => `${token},${user},${user},${GROUP}\n`);
  const secret = { mode: 0o600 };
  writeFileSync(files.tokens, lines.join(''), secret);
  for (const [user, token] of tokens)
    writeFileSync(files.kubeconfig(user), stringify(kubeconfig(server, user, token)), secret);
  writeFileSync(files.auditPolicy, stringify(auditPolicy(users)));
  writeFileSync(files.scheduler, stringify(schedulerConfiguration(files.kubeconfig(OPERATOR), busy)));
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(files.signingKey, privateKey.export({ type: 'pkcs8', format: 'pem' }), secret);
  writeFileSync(files.verifyingKey, publicKey.export({ type: 'spki', format: 'pem' }));
}

/** The server makes its own certificate, which nobody here asks for: it listens on the loopback address only. */
function kubeconfig(server: string, user: string, token: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: CONTEXT, cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user } }],
    'current-context': CONTEXT,
  };
}

function schedulerConfiguration(kubeconfigPath: string, busy: boolean): object {
  return {
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    leaderElection: { leaderElect: false },
    clientConnection: { kubeconfig: kubeconfigPath, ...(busy && { qps: BUSY, burst: BUSY }) },
  };
}
