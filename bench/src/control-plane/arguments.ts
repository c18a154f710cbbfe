import { join } from 'node:path';
import { OPERATOR, type ControlPlaneFiles } from './files';

/** Requests a second that controllers and scheduler may send where much changes at once. */
export const BUSY = 500;

/** Loopback ports of a control plane. */
export interface Ports {
  etcd: number;
  etcdPeers: number;
  server: number;
}

export const etcdUrl = ({ etcd }: Ports) => `http://127.0.0.1:${etcd}`;

export function etcdArguments(files: ControlPlaneFiles, ports: Ports): string[] {
  const peers = `http://127.0.0.1:${ports.etcdPeers}`;
  return [
    ...['--data-dir', files.etcd, '--log-level', 'error'],
    ...['--listen-client-urls', etcdUrl(ports), '--advertise-client-urls', etcdUrl(ports)],
    ...['--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers],
    ...['--initial-cluster', `default=${peers}`],
  ];
}

/** @param eventSeconds how long Events are kept; an hour when absent */
export function apiServerArguments(files: ControlPlaneFiles, ports: Ports, eventSeconds?: number): string[] {
  return [
    ...[
      '--etcd-servers',
      etcdUrl(ports),
      '--bind-address',
      '127.0.0.1',
      '--secure-port',
      String(ports.server),
    ],
    // Nobody looks for it by its Service: an address that no machine has (RFC 5737).
    ...['--advertise-address', '192.0.2.1', '--endpoint-reconciler-type', 'none'],
    ...['--cert-dir', files.certificates, '--service-cluster-ip-range', '10.0.0.0/16'],
    ...['--token-auth-file', files.tokens, '--authorization-mode', 'RBAC'],
    ...['--service-account-issuer', 'https://bench.invalid'],
    ...['--service-account-signing-key-file', files.signingKey],
    ...['--service-account-key-file', files.verifyingKey],
    ...['--audit-policy-file', files.auditPolicy, '--audit-log-path', files.auditLog],
    ...(eventSeconds === undefined ? [] : ['--event-ttl', `${eventSeconds}s`]),
  ];
}

export function controllerArguments(files: ControlPlaneFiles, busy: boolean): string[] {
  return [
    ...['--kubeconfig', files.kubeconfig(OPERATOR), '--leader-elect=false', '--secure-port=0'],
    ...['--service-account-private-key-file', files.signingKey],
    ...(busy ? [`--kube-api-qps=${BUSY}`, `--kube-api-burst=${BUSY}`] : []),
  ];
}

export function schedulerArguments(files: ControlPlaneFiles): string[] {
  return ['--config', files.scheduler, '--secure-port=0'];
}

export function kwokArguments(files: ControlPlaneFiles): string[] {
  const stages = join(__dirname, 'stages.yaml');
  return [
    '--kubeconfig',
    files.kubeconfig(OPERATOR),
    '--config',
    stages,
    '--manage-all-nodes=true',
    '--node-lease-duration-seconds=40',
  ];
}
