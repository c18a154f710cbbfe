import { deploy, type DeployOutcome, type DeployRequest, type ObjectReference } from '@berth/deploy';
import type { ContractServices, PlanSetup, PlanWords } from './setup';

/** Milliseconds that one test may take. */
export const limitMs = 120_000;

/** The environments that one suite makes; they go at its end. */
export class ContractEnvironments {
  readonly #made = new Set<string>();

  constructor(private readonly setup: () => PlanSetup) {}

  /** Deploys these services. */
  run(
    environment: string,
    services: ContractServices,
    options: Partial<DeployRequest> = {},
  ): Promise<DeployOutcome> {
    this.made(environment);
    return deploy(this.setup().target, {
      environment,
      render: () => this.setup().objects(environment, services),
      images: { resolve: async () => ({}), build: async () => ({}) },
      needs: {},
      author: 'contract@test',
      timeoutMs: 60_000,
      ...options,
    });
  }

  made(environment: string): void {
    this.#made.add(environment);
  }

  /** Destroys them. */
  async end(): Promise<void> {
    const { target, endLater } = this.setup();
    const end = Promise.all([...this.#made].map((environment) => target.destroy(environment)));
    if (!endLater) return void (await end);
    endLater(end.then(() => undefined));
  }
}

/** For example `Deployment/one`. */
export function nameOf({ kind, name }: ObjectReference): string {
  return `${kind}/${name}`;
}

/** What another value of a variable of a service changes; the first of them has it. */
export function versionOf({ workload, version }: PlanWords, service: string): readonly string[] {
  return version?.(service) ?? [workload(service)];
}

/** What a plan does: `change Deployment/one`. */
export function actionsOf({ changes }: Pick<DeployOutcome, 'changes'>): string[] {
  return changes
    .filter(({ action }) => action !== 'same')
    .map(({ action, object }) => `${action} ${nameOf(object)}`);
}
