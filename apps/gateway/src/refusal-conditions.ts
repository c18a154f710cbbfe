import { ApiError, type KubeClient } from '@berth/kube';
import type { ObservedService, Refusal, ServiceReference } from '@berth/routes';

/** A condition in a Service's status, as Kubernetes has them (meta/v1 Condition). */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
}

export interface ConditionChange {
  service: ServiceReference;
  condition: Condition;
}

/** Type of the condition; written only on Services of which something is, or was, refused. */
export const ROUTED = 'berth.dev/Routed';

/** What to write into the status of which Services, by what stands there. Pure. */
export function conditionChanges(
  services: readonly ObservedService[],
  refused: readonly Refusal[],
): ConditionChange[] {
  const byUid = new Map<string, Refusal[]>();
  for (const refusal of refused) {
    const { uid } = refusal.service;
    const others = byUid.get(uid);
    if (others) others.push(refusal);
    else byUid.set(uid, [refusal]);
  }
  return services.flatMap((service): ConditionChange[] => {
    const { name, namespace = '', uid } = service.metadata;
    const there = conditionOf(service);
    const condition = wantedCondition(byUid.get(uid) ?? []);
    const isFine = condition.status === 'True' && there?.status !== 'False';
    return isFine || (there && isSame(there, condition))
      ? []
      : [{ service: { name, namespace, uid }, condition }];
  });
}

/** Writes conditions into the status of Services. */
export class RefusalConditions {
  constructor(
    private readonly client: Pick<KubeClient, 'patch'>,
    private readonly now: () => Date,
  ) {}

  /**
   * Returns those that could not be written, with the error.
   * @param refused all that is refused of these Services
   */
  async write(
    services: readonly ObservedService[],
    refused: readonly Refusal[],
  ): Promise<{ service: ServiceReference; error: unknown }[]> {
    const errors: { service: ServiceReference; error: unknown }[] = [];
    for (const { service, condition } of conditionChanges(services, refused)) {
      const lastTransitionTime = this.now().toISOString().replace(/\.\d+/, '');
      const reference = {
        apiVersion: 'v1',
        kind: 'Service',
        name: service.name,
        namespace: service.namespace,
      };
      try {
        await this.client.patch(
          reference,
          // With the uid only this very Service: another one may have taken its name.
          { metadata: { uid: service.uid }, status: { conditions: [{ ...condition, lastTransitionTime }] } },
          { type: 'strategic', subresource: 'status', fieldManager: 'berth-gateway' },
        );
      } catch (error) {
        if (!(error instanceof ApiError && (error.status === 404 || error.status === 409)))
          errors.push({ service, error });
      }
    }
    return errors;
  }
}

/** What a Service's status says of its routes. */
export function conditionOf(service: ObservedService): Condition | undefined {
  const { status } = service as { status?: { conditions?: Condition[] } };
  return status?.conditions?.find(({ type }) => type === ROUTED);
}

function wantedCondition([first, ...others]: readonly Refusal[]): Condition {
  if (!first) return { type: ROUTED, status: 'True', reason: 'Routed', message: '' };
  const message = [first, ...others].map((refusal) => refusal.message).join('; ');
  return { type: ROUTED, status: 'False', reason: first.reason, message: message.slice(0, 4096) };
}

function isSame(one: Condition, other: Condition): boolean {
  return one.status === other.status && one.reason === other.reason && one.message === other.message;
}
