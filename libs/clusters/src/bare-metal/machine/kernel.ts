import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../machine';
import { writeWhole } from '../files';
import type { CheckedStep } from '../step';

/**
 * Set before dockerd starts: with forwarding off at its start it would turn the FORWARD policy to DROP, and pods
 * could not reach each other. Traffic over a bridge must pass iptables, or answers of a service skip its translation.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  'net/ipv4/ip_forward': '1',
  'net/bridge/bridge-nf-call-iptables': '1',
};

const file = (name: string) => join('/proc/sys', name);
/** Of the settings before the cluster, for `destroy`. */
const savedFile = (machine: Machine) => join(machine.paths.state, 'kernel-settings.json');

export function kernelStep(machine: Machine): CheckedStep {
  return {
    title: 'Kernel settings',
    details: Object.entries(SETTINGS).map(([name, value]) => `${name.replaceAll('/', '.')} = ${value}`),
    done: async () =>
      existsSync(savedFile(machine)) &&
      Object.entries(SETTINGS).every(([name, value]) => read(name) === value),
    run: async () => {
      if (read('net/bridge/bridge-nf-call-iptables') === undefined) {
        await machine.runner.run(['modprobe', 'br_netfilter']);
      }
      await machine.runner.run(['modprobe', 'overlay'], { expect: [0, 1] }).catch(() => undefined);
      if (!existsSync(savedFile(machine))) {
        const before = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, read(name)]));
        writeWhole({ path: savedFile(machine), content: `${JSON.stringify(before, null, 2)}\n` });
      }
      for (const [name, value] of Object.entries(SETTINGS)) await set(machine, name, value);
    },
  };
}

/** Puts the settings back to what they were before the cluster. */
export async function restoreKernelSettings(machine: Machine): Promise<void> {
  if (!existsSync(savedFile(machine))) return;
  const before = JSON.parse(readFileSync(savedFile(machine), 'utf8')) as Record<string, string>;
  for (const [name, value] of Object.entries(before)) {
    if (read(name) !== undefined && read(name) !== value) await set(machine, name, value);
  }
}

async function set(machine: Machine, name: string, value: string): Promise<void> {
  await machine.runner.run(['sysctl', '-w', `${name.replaceAll('/', '.')}=${value}`]);
}

function read(name: string): string | undefined {
  return existsSync(file(name)) ? readFileSync(file(name), 'utf8').trim() : undefined;
}
