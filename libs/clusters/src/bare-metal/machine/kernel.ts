import { join } from 'node:path';
import type { Machine } from '../machine';
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
    done: async () => {
      const set = Object.entries(SETTINGS).map(
        async ([name, value]) => (await read(machine, name)) === value,
      );
      return (await machine.files.exists(savedFile(machine))) && (await Promise.all(set)).every(Boolean);
    },
    run: async () => {
      if ((await read(machine, 'net/bridge/bridge-nf-call-iptables')) === undefined) {
        await machine.runner.run(['modprobe', 'br_netfilter']);
      }
      await machine.runner.run(['modprobe', 'overlay'], { expect: [0, 1] }).catch(() => undefined);
      if (!(await machine.files.exists(savedFile(machine)))) {
        const before: Record<string, string | undefined> = {};
        for (const name of Object.keys(SETTINGS)) before[name] = await read(machine, name);
        await machine.files.write({
          path: savedFile(machine),
          content: `${JSON.stringify(before, null, 2)}\n`,
        });
      }
      for (const [name, value] of Object.entries(SETTINGS)) await set(machine, name, value);
    },
  };
}

/** Puts the settings back to what they were before the cluster. */
export async function restoreKernelSettings(machine: Machine): Promise<void> {
  const saved = await machine.files.read(savedFile(machine));
  if (saved === undefined) return;
  const before = JSON.parse(saved) as Record<string, string>;
  for (const [name, value] of Object.entries(before)) {
    const now = await read(machine, name);
    if (now !== undefined && now !== value) await set(machine, name, value);
  }
}

async function set(machine: Machine, name: string, value: string): Promise<void> {
  await machine.runner.run(['sysctl', '-w', `${name.replaceAll('/', '.')}=${value}`]);
}

async function read({ files }: Machine, name: string): Promise<string | undefined> {
  return (await files.read(file(name)))?.trim();
}
