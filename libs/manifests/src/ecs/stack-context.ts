import type { EcsSettings, Environment, Service } from '@berth/model';

/** What every resource of a stack is made of. */
export interface StackContext {
  environment: Environment;
  /** All of the environment, in the order of their needs. */
  services: readonly Service[];
  settings: EcsSettings;
}
