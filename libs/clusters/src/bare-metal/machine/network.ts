import { existsSync } from 'node:fs';
import { isWritten, writeWhole } from '../files';
import type { Machine } from '../machine';
import { NODE_ADDRESS, NODE_BRIDGE, POD_SUBNET } from '../settings';
import type { CheckedStep } from '../step';
import { networkFile } from './configuration';

/** A comment by which `destroy` finds our rules again. */
export const RULE_COMMENT = 'berth-pods';

/** The node's own address, the pods' network, and leave for pods to talk to whom they like through this machine. */
export function networkStep(machine: Machine): CheckedStep {
  const { runner } = machine;
  const file = networkFile(machine.paths);
  const addressIsSet = async () => {
    if (!existsSync(`/sys/class/net/${NODE_BRIDGE}`)) return false;
    const { stdout } = await runner.run(['ip', '-oneline', '-4', 'address', 'show', 'dev', NODE_BRIDGE]);
    return stdout.includes(` ${NODE_ADDRESS}/`);
  };
  return {
    title: 'Network of node and pods',
    details: [
      `bridge ${NODE_BRIDGE} with ${NODE_ADDRESS}`,
      `pods in ${POD_SUBNET}`,
      'iptables: forward from and to pods',
    ],
    done: async () => {
      if (!isWritten(file)) return false;
      const there = await Promise.all([
        addressIsSet(),
        ...forwardRules().map((rule) => hasRule(machine, rule)),
      ]);
      return there.every(Boolean);
    },
    run: async () => {
      writeWhole(file);
      if (!existsSync(`/sys/class/net/${NODE_BRIDGE}`)) {
        await runner.run(['ip', 'link', 'add', NODE_BRIDGE, 'type', 'bridge']);
      }
      if (!(await addressIsSet())) {
        await runner.run(['ip', 'address', 'add', `${NODE_ADDRESS}/24`, 'dev', NODE_BRIDGE]);
      }
      await runner.run(['ip', 'link', 'set', NODE_BRIDGE, 'up']);
      for (const rule of forwardRules()) {
        if (!(await hasRule(machine, rule))) await runner.run(['iptables', '-w', '-I', ...rule]);
      }
    },
  };
}

/** Before anything that drops: a dockerd that set the policy of FORWARD to DROP would cut the pods off. */
function forwardRules(): string[][] {
  return ['-s', '-d'].map((side) => [
    'FORWARD',
    side,
    POD_SUBNET,
    '-m',
    'comment',
    '--comment',
    RULE_COMMENT,
    '-j',
    'ACCEPT',
  ]);
}

async function hasRule({ runner }: Machine, rule: readonly string[]): Promise<boolean> {
  const { exitCode } = await runner.run(['iptables', '-w', '-C', ...rule], { expect: [0, 1, 2] });
  return exitCode === 0;
}
