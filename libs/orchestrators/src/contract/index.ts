import type { Inabilities, Pace } from './abilities';
import { behaviourContract } from './behaviour-contract';
import { networkContract } from './network-contract';
import { planContract } from './plan-contract';
import type { ContractSetup } from './setup';

export { gatewayContract } from './gateway-contract';
export * from './setup';

/**
 * What every orchestrator must do: the suite of plans, and that of behaviour. Each test makes environments of its own,
 * which are destroyed at the end.
 */
export function orchestratorContract(
  name: string,
  setup: () => ContractSetup,
  cannot: Inabilities = {},
  pace: Pace = {},
): void {
  planContract(name, setup);
  behaviourContract(name, setup, cannot, pace);
  networkContract(name, setup, cannot);
}
