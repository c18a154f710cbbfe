import type { Finding } from './check-document';
import type { PathStep } from './json-path';
import { nearestName } from './nearest-name';
import type { Health, Port, Probe } from './service';
import type { HealthDocument, ProbeDocument } from './service-document';

const KINDS = ['path', 'tcp', 'grpc', 'exec'] as const;
const STAGES = ['readiness', 'liveness', 'startup'] as const;

/** The three probes of a health section: each its own where it is given, else the common one. */
export function readHealth(
  document: HealthDocument,
  ports: readonly Port[],
  findings: Finding[],
): Health | undefined {
  const hasCommon = KINDS.some((kind) => document[kind] !== undefined);
  const missing = STAGES.filter((stage) => document[stage] === undefined);
  const common = hasCommon || missing.length ? readProbe(document, ['health'], ports, findings) : undefined;
  const [readiness, liveness, startup] = STAGES.map((stage) => {
    const own = document[stage];
    return own ? readProbe(own, ['health', stage], ports, findings) : common;
  });
  if (!readiness || !liveness || !startup) return undefined;
  return { readiness, liveness, startup, startSeconds: document.startSeconds ?? 60 };
}

function readProbe(
  document: ProbeDocument,
  path: PathStep[],
  ports: readonly Port[],
  findings: Finding[],
): Probe | undefined {
  const given = KINDS.filter((kind) => document[kind] !== undefined);
  const [kind] = given;
  if (given.length !== 1 || !kind) {
    const got = given.length ? `not ${given.join(' and ')}` : 'but has none';
    findings.push({ path, message: `must have one of ${KINDS.join(', ')}, ${got}` });
    return undefined;
  }
  if (document.port !== undefined && kind !== 'path') {
    findings.push({
      path: [...path, 'port'],
      message: `goes with path only; write the port's name as ${kind}`,
    });
  }
  if (document.service !== undefined && kind !== 'grpc') {
    findings.push({ path: [...path, 'service'], message: 'goes with grpc only' });
  }
  if (kind === 'exec') return { kind, command: document.exec! };
  const named = kind === 'path' ? document.port : document[kind];
  const port = portName(
    named === true ? undefined : named,
    [...path, kind === 'path' ? 'port' : kind],
    ports,
    findings,
  );
  if (port === undefined) return undefined;
  if (kind === 'path') return { kind, path: document.path!, port };
  if (kind === 'tcp') return { kind, port };
  return { kind, port, ...(document.service !== undefined && { service: document.service }) };
}

function portName(
  named: string | undefined,
  path: PathStep[],
  ports: readonly Port[],
  findings: Finding[],
): string | undefined {
  const names = ports.map((port) => port.name);
  const name = named ?? names[0];
  if (name !== undefined && names.includes(name)) return name;
  const nearest = name === undefined ? undefined : nearestName(name, names);
  findings.push({
    path,
    message:
      name === undefined
        ? 'needs a port to ask, and the service has none'
        : `must be the name of a port (${names.join(', ') || 'there are none'}), not "${name}"`,
    ...(nearest && { hint: `did you mean "${nearest}"?` }),
  });
  return undefined;
}
