import { createHash } from 'node:crypto';
import { ApiError, type KubeClient } from '@berth/kube';

/** Milliseconds after which a refusal that still stands is told again: Kubernetes keeps an Event for an hour. */
const REPEAT_MS = 30 * 60_000;
/** Bytes that the API server takes as an Event's message. */
const LONGEST_MESSAGE = 1024;

/** What is refused about an object, and why. */
export interface ToldRefusal {
  object: { kind: 'Service' | 'Secret'; namespace: string; name: string; uid: string };
  host?: string;
  reason: string;
  /** For people. */
  message: string;
}

/**
 * Tells of every refusal by a Kubernetes Event on its object, where `kubectl describe` shows it. An Event's name
 * follows from what it says, so that it is there once, also when the controller starts anew.
 */
export class RefusalEvents {
  /** When each refusal that stands was told, in milliseconds since 1970. */
  #told = new Map<string, number>();

  constructor(
    private readonly client: Pick<KubeClient, 'create' | 'patch'>,
    private readonly now: () => Date,
  ) {}

  /** Writes the Events that are missing. Returns the errors of those that could not be written: they stay missing. */
  async write(refused: readonly ToldRefusal[]): Promise<unknown[]> {
    const errors: unknown[] = [];
    const standing = new Map<string, number>();
    for (const refusal of refused) {
      const name = eventName(refusal);
      const told = this.#told.get(name) ?? -Infinity;
      if (this.now().getTime() - told < REPEAT_MS) {
        standing.set(name, told);
        continue;
      }
      try {
        await this.#write(name, refusal);
        standing.set(name, this.now().getTime());
      } catch (error) {
        errors.push(error);
      }
    }
    this.#told = standing;
    return errors;
  }

  async #write(name: string, { object, reason, message }: ToldRefusal): Promise<void> {
    const time = this.now().toISOString().replace(/\.\d+/, '');
    const { namespace } = object;
    try {
      await this.client.create({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name, namespace },
        involvedObject: { apiVersion: 'v1', ...object },
        type: 'Warning',
        reason,
        message: message.slice(0, LONGEST_MESSAGE),
        source: { component: 'berth-gateway' },
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
      });
    } catch (error) {
      if (!(error instanceof ApiError && error.reason === 'AlreadyExists')) throw error;
      await this.client.patch({ apiVersion: 'v1', kind: 'Event', name, namespace }, { lastTimestamp: time });
    }
  }
}

/** There may be thousands that stand, of which one changes at a time. */
const names = new WeakMap<ToldRefusal, string>();

function eventName(refusal: ToldRefusal): string {
  const before = names.get(refusal);
  if (before !== undefined) return before;
  const { object, host, reason, message } = refusal;
  const text = JSON.stringify([object.uid, host ?? '', reason, message]);
  const name = `${object.name}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  names.set(refusal, name);
  return name;
}
