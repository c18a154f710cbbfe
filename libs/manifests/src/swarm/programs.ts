import type { Service, Sidecar } from '@berth/model';
import { quoted } from './health-check';
import { bytes, nanoCpus } from './quantities';

/** After so many ends of a sidecar its task ends too, and Swarm starts another one. */
const SIDECAR_STARTS = 5;

/**
 * The command of a container: the service's own. A task is one container, so sidecars are programs of the same one. A
 * shell starts them and then becomes the service's own program, which gets the signals. A sidecar that ends is started
 * again; shells have nothing to wait with for a moment, so that is not done for ever. It goes when the task does.
 */
export function renderCommand({
  command,
  sidecars,
}: Pick<Service, 'command' | 'sidecars'>): string[] | undefined {
  if (sidecars.length === 0 || !command) return command;
  const script = [...sidecars.map(startOf), 'exec "$@"'].join('\n');
  return ['/bin/sh', '-c', script, 'berth-sidecars', ...command];
}

/** `$$` is the shell that becomes the service's own program, here too. */
function startOf({ command, env }: Sidecar): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
  const program = [...variables, ...command.map(quoted)].join(' ');
  return `(for _ in ${Array.from({ length: SIDECAR_STARTS }, (_, index) => index + 1).join(' ')}; do ${program}; done; kill $$) &`;
}

/** What all programs of a container need, in Docker's units. */
export function renderResources({ resources, sidecars }: Pick<Service, 'resources' | 'sidecars'>) {
  const all = [resources, ...sidecars.map((sidecar) => sidecar.resources)];
  const memory = sum(all.map((each) => bytes(each.memory)));
  return {
    Limits: { MemoryBytes: memory },
    Reservations: { NanoCPUs: sum(all.map((each) => nanoCpus(each.cpu))), MemoryBytes: memory },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
