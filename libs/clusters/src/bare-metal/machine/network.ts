import { isWritten } from '../files';
import type { Machine } from '../machine';
import { NODE_ADDRESS, NODE_BRIDGE, POD_SUBNET, SERVICE_SUBNET } from '../settings';
import type { CheckedStep } from '../step';
import { networkFile } from './configuration';

/** A comment by which `destroy` finds our rules again. */
export const RULE_COMMENT = 'berth-pods';

/** The node's own address, the pods' network, and leave for pods to talk to whom they like through this machine. */
export function networkStep(machine: Machine): CheckedStep {
  const { runner } = machine;
  const file = networkFile(machine);
  const addressIsSet = async () => {
    if (!(await machine.files.exists(`/sys/class/net/${NODE_BRIDGE}`))) return false;
    const { stdout } = await runner.run(['ip', '-oneline', '-4', 'address', 'show', 'dev', NODE_BRIDGE]);
    return stdout.includes(` ${NODE_ADDRESS}/`);
  };
  const routeIsSet = async () => {
    const { stdout } = await runner.run(['ip', '-4', 'route', 'show', SERVICE_SUBNET]);
    return stdout.includes(`dev ${NODE_BRIDGE}`);
  };
  return {
    title: 'Network of node and pods',
    details: [
      `bridge ${NODE_BRIDGE} with ${NODE_ADDRESS}`,
      `pods in ${POD_SUBNET}`,
      'iptables: forward from and to pods',
    ],
    done: async () => {
      if (!(await isWritten(machine.files, file))) return false;
      const there = await Promise.all([
        addressIsSet(),
        routeIsSet(),
        ...forwardRules().map((rule) => hasRule(machine, rule)),
      ]);
      return there.every(Boolean);
    },
    run: async () => {
      await machine.files.write(file);
      if (!(await machine.files.exists(`/sys/class/net/${NODE_BRIDGE}`))) {
        await runner.run(['ip', 'link', 'add', NODE_BRIDGE, 'type', 'bridge']);
      }
      if (!(await addressIsSet())) {
        await runner.run(['ip', 'address', 'add', `${NODE_ADDRESS}/24`, 'dev', NODE_BRIDGE]);
      }
      await runner.run(['ip', 'link', 'set', NODE_BRIDGE, 'up']);
      // A service's address that kube-proxy does not translate yet must not leave the machine by the default route: a
      // stranger who answers there would keep the API server's connection for good.
      await runner.run(['ip', 'route', 'replace', SERVICE_SUBNET, 'dev', NODE_BRIDGE]);
      for (const rule of forwardRules()) {
        if (!(await hasRule(machine, rule))) await runner.run(['iptables', '-w', '-I', ...rule]);
      }
    },
  };
}

/** Before anything that drops: a dockerd that set the policy of FORWARD to DROP would cut the pods off. */
export function forwardRules(): string[][] {
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

export async function hasRule({ runner }: Machine, rule: readonly string[]): Promise<boolean> {
  const { exitCode } = await runner.run(['iptables', '-w', '-C', ...rule], { expect: [0, 1, 2] });
  return exitCode === 0;
}
