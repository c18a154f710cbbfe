import type { Inabilities } from './abilities';
import { behaviourContract } from './behaviour-contract';
import { networkContract } from './network-contract';
import { planContract } from './plan-contract';
import type { ContractSetup } from './setup';

export { gatewayContract } from './gateway-contract';
export * from './setup';

/**
 * What every orchestrator must do: the suite of plans, and that of behaviour. Each test makes environments of its own,
 * which are destroyed at the end; those that wait the longest run beside the others.
 */
export function orchestratorContract(
  name: string,
  setup: () => ContractSetup,
  cannot: Inabilities = {},
): void {
  planContract(name, setup);
  behaviourContract(name, setup, cannot);
  networkContract(name, setup, cannot);
}
