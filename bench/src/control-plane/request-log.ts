import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What the API server writes down: each request of these users, and no other. */
export function auditPolicy(users: readonly string[]): object {
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'Metadata', users }, { level: 'None' }],
  };
}

/** Milliseconds in which nothing more is written when everything has been. */
const QUIET_MS = 200;

interface AuditEvent {
  auditID: string;
  user: { username: string };
  verb: string;
  requestURI: string;
  objectRef?: { resource: string; subresource?: string };
}

/** The API server's audit log: it says how many requests somebody has sent. */
export class RequestLog {
  constructor(private readonly path: string) {}

  /** Since the server was started. A watch is one, however long it lasts. */
  async of(user: string): Promise<number> {
    return (await this.#of(user)).length;
  }

  /** Since the server was started, how many there were of each kind, as `create deployments` or `patch services, dry run`. */
  async byKind(user: string): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const event of await this.#of(user)) {
      const kind = kindOf(event);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    return counts;
  }

  async #of(user: string): Promise<AuditEvent[]> {
    let text = this.#read();
    // A request is written down a moment after its answer.
    for (let last = -1; last !== text.length; text = this.#read()) {
      last = text.length;
      await delay(QUIET_MS);
    }
    const events = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as AuditEvent);
    const own = events.filter((event) => event.user.username === user);
    return [...new Map(own.map((event) => [event.auditID, event])).values()];
  }

  #read(): string {
    return existsSync(this.path) ? readFileSync(this.path, 'utf8') : '';
  }
}

function kindOf({ verb, requestURI, objectRef }: AuditEvent): string {
  const { resource, subresource } = objectRef ?? {};
  const what = resource ? resource + (subresource ? `/${subresource}` : '') : requestURI.split('?')[0];
  return `${verb} ${what}${/[?&]dryRun=/.test(requestURI) ? ', dry run' : ''}`;
}
