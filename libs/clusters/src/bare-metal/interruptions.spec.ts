import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RecordingRunner } from '@berth/exec';
import { controlPlaneStep } from './control-plane/control-plane';
import { fakeMachine, type FakeMachine } from './machine/fake-machine';
import { mortalMachine } from './machine/mortal-machine';
import { networkStep } from './machine/network';
import { CLUSTER_PACKAGES, packagesStep } from './machine/packages';
import { kubeletUnit } from './machine/units';
import type { Machine } from './machine';
import { installStep, programsStep } from './programs/programs';
import { NODE_ADDRESS, NODE_BRIDGE } from './settings';
import type { CheckedStep } from './step';

// No API server answers on a machine of files: what is waited for counts as there.
jest.mock('./wait', () => ({ waitUntil: async () => undefined }));

const put = (path: string, content = '') => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};
const quiet = () => undefined;

/** Until the step has ended, or its process was killed before effect number `diesAt`. */
async function attempt(make: (machine: Machine) => CheckedStep, machine: FakeMachine, diesAt?: number) {
  const mortal = mortalMachine(machine, diesAt);
  await Promise.race([make(mortal).run(quiet), mortal.killed]);
  return mortal.effects();
}

/** Kills the step before each of its effects on a machine of its own, runs it again, and looks at the machine. */
async function killedAnywhere(
  newMachine: () => FakeMachine,
  make: (machine: Machine) => CheckedStep,
  look: (machine: FakeMachine) => void | Promise<void>,
): Promise<number> {
  const effects = await attempt(make, newMachine());
  for (let diesAt = 1; diesAt <= effects; diesAt++) {
    const machine = newMachine();
    await attempt(make, machine, diesAt);
    await attempt(make, machine);
    await look(machine);
  }
  return effects;
}

/** apt and dpkg, as far as they refuse to go on after an installation that was killed. */
function debian(): FakeMachine {
  const machine = fakeMachine();
  let halfInstalled = true;
  put(join(machine.root, '/usr/bin/apt-get'));
  machine.runner
    .when(['apt-get'], (argv) => {
      if (!argv.includes('install')) return {};
      if (halfInstalled) return { exitCode: 100, stderr: "you must manually run 'dpkg --configure -a'" };
      for (const { name, file } of CLUSTER_PACKAGES) if (argv.includes(name)) put(join(machine.root, file));
      return {};
    })
    .when(['dpkg', '--configure', '-a'], () => {
      halfInstalled = false;
      return {};
    });
  return machine;
}

/** ip and iptables, as far as they keep one bridge and refuse to make a thing twice. */
function linux(): FakeMachine & { rules: string[] } {
  const rules: string[] = [];
  let [address, route] = ['', ''];
  const bridge = (root: string) => join(root, '/sys/class/net', NODE_BRIDGE);
  const machine = fakeMachine();
  machine.runner
    .when(['ip', 'link', 'add'], () => {
      if (existsSync(bridge(machine.root))) return { exitCode: 2, stderr: 'File exists' };
      put(bridge(machine.root));
      return {};
    })
    .when(['ip', 'address', 'add'], (argv) => {
      if (address) return { exitCode: 2, stderr: 'File exists' };
      address = ` ${argv[3]} `;
      return {};
    })
    .when(['ip', '-oneline'], () => ({ stdout: address }))
    .when(['ip', 'route', 'replace'], () => ((route = `dev ${NODE_BRIDGE}`), {}))
    .when(['ip', '-4', 'route', 'show'], () => ({ stdout: route }))
    .when(['iptables', '-w', '-I'], (argv) => (rules.push(argv.slice(3).join(' ')), {}))
    .when(['iptables', '-w', '-C'], (argv) => ({
      exitCode: rules.includes(argv.slice(3).join(' ')) ? 0 : 1,
    }));
  return { ...machine, rules };
}

/** A compiler that writes what it is told to. */
const compiling = () =>
  fakeMachine({
    runner: new RecordingRunner().when(['go', 'build'], (argv) => {
      writeFileSync(argv[argv.indexOf('-o') + 1] ?? '', `program ${argv.at(-1)}`);
      return {};
    }),
  });

/** A kubeadm that refuses to begin where anything of another try is left, and leaves half of its files when killed. */
function kubernetes(): FakeMachine {
  const machine = fakeMachine();
  const { kubernetes: folder, etcd } = machine.paths;
  const admin = join(folder, 'admin.conf');
  machine.runner.when([join(machine.paths.bin, 'kubeadm'), 'init'], () => {
    if ([folder, etcd].some((path) => existsSync(path) && readdirSync(path).length > 0))
      return { exitCode: 1, stderr: `${folder} is not empty` };
    put(join(etcd, 'member/wal'));
    const cluster = { server: 'https://127.0.0.1:1', 'certificate-authority-data': '' };
    const user = { 'client-certificate-data': '', 'client-key-data': '' };
    put(admin, JSON.stringify({ clusters: [{ cluster }], users: [{ user }] }));
    return {};
  });
  return machine;
}

describe('a step that is killed before any of its programs, and run again', () => {
  it('installs every package, after it has finished what was half installed', async () => {
    const make = (machine: Machine) => packagesStep(machine, CLUSTER_PACKAGES);
    const effects = await killedAnywhere(debian, make, async (machine) => {
      expect(await make(machine).done()).toBe(true);
    });
    expect(effects).toBe(4);
  });

  it('makes the network once, whatever of it was there', async () => {
    const look = async (machine: FakeMachine) => {
      expect(await networkStep(machine).done()).toBe(true);
      expect(machine.runner.lines.filter((line) => line.startsWith('ip link add'))).toHaveLength(1);
      const { rules } = machine as ReturnType<typeof linux>;
      expect(new Set(rules).size).toBe(rules.length);
      expect(machine.runner.lines.filter((line) => line.includes(`add ${NODE_ADDRESS}/24`))).toHaveLength(1);
    };
    expect(await killedAnywhere(linux, networkStep, look)).toBeGreaterThan(6);
  });

  it('has whole programs only, and no folder of a build that was killed', async () => {
    const effects = await killedAnywhere(compiling, programsStep, async (machine) => {
      expect(await programsStep(machine).done()).toBe(true);
      await installStep(machine).run(quiet);
      expect(readdirSync(machine.paths.cache).filter((name) => name.startsWith('filling-'))).toEqual([]);
      expect(readFileSync(join(machine.paths.bin, 'kubeadm'), 'utf8')).toMatch(/^program /);
      rmSync(machine.root, { recursive: true });
    });
    expect(effects).toBeGreaterThan(12);
  });

  it('initialises the control plane anew when kubeadm did not come to its end, and never else', async () => {
    const make = (machine: Machine) => controlPlaneStep(machine, 'local-1');
    const effects = await killedAnywhere(kubernetes, make, async (machine) => {
      expect(existsSync(join(machine.paths.state, 'kubeadm/finished'))).toBe(true);
      expect(await machine.keeper.isRunning(kubeletUnit(machine.paths))).toBe(true);
      const runs = machine.runner.runs.length;
      await attempt(make, machine);
      expect(machine.runner.runs).toHaveLength(runs);
    });
    expect(effects).toBe(3);
  });

  it('takes the files of a kubeadm that was killed away, and begins again', async () => {
    const machine = kubernetes();
    put(join(machine.paths.state, 'kubeadm/started'));
    for (const path of ['etcd', 'kubernetes', 'kubelet'] as const) put(join(machine.paths[path], 'half'));
    await controlPlaneStep(machine, 'local-1').run(quiet);
    expect(existsSync(join(machine.paths.kubernetes, 'half'))).toBe(false);
    expect(existsSync(join(machine.paths.state, 'kubeadm/finished'))).toBe(true);
  });
});
