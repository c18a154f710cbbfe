import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Unit } from '@berth/exec';
import { controlPlaneStep } from './control-plane/control-plane';
import { extraArguments, kubeadmPath } from './control-plane/kubeadm-configuration';
import { isWritten, type MachineFile } from './files';
import { containerdFile, dockerFile, registryFile } from './machine/configuration';
import { containerdStep, dockerStep, registryStep } from './machine/engine';
import { fakeGo, fakeMachine, putAdminConfig, type FakeMachine } from './machine/fake-machine';
import { mortalMachine } from './machine/mortal-machine';
import { networkStep } from './machine/network';
import { CLUSTER_PACKAGES, packagesStep } from './machine/packages';
import { containerdUnit, dockerUnit, kubeletUnit, registryUnit } from './machine/units';
import type { Machine } from './machine';
import type { MachinePaths } from './paths';
import { installStep, programsStep } from './programs/programs';
import { LOCAL_NODE, NODE_ADDRESS, NODE_BRIDGE } from './settings';
import type { CheckedStep } from './step';
import { MODULES, PAUSE_IMAGE } from './versions';

// No API server answers on a machine of files: what is waited for counts as there.
jest.mock('./wait', () => ({ waitUntil: async () => undefined }));

const put = (path: string, content = '') => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};
const quiet = () => undefined;

/** Until the step has ended, or its process was killed before effect number `diesAt`. */
async function attempt(
  make: (machine: Machine) => CheckedStep | Promise<CheckedStep>,
  machine: FakeMachine,
  diesAt?: number,
) {
  const mortal = mortalMachine(machine, diesAt);
  await Promise.race([(await make(mortal)).run(quiet), mortal.killed]);
  return mortal.effects();
}

/** Kills the step before each of its effects on a machine of its own, runs it again, and looks at the machine. */
async function killedAnywhere(
  newMachine: () => FakeMachine,
  make: (machine: Machine) => CheckedStep | Promise<CheckedStep>,
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

/** A machine on which a program runs with an older configuration; `ranWith` has what it read when it was started last. */
function outdated(unitOf: (paths: MachinePaths) => Unit, fileOf: (paths: MachinePaths) => MachineFile) {
  const machine = fakeMachine();
  const [unit, { path }] = [unitOf(machine.paths), fileOf(machine.paths)];
  put(path, 'of an older Berth');
  const ranWith = new Map([[unit.name, 'of an older Berth']]);
  machine.keeper.units.set(unit.name, unit);
  const ensure = machine.keeper.ensure.bind(machine.keeper);
  machine.keeper.ensure = async (started) => {
    if (!machine.keeper.units.has(started.name)) ranWith.set(started.name, readFileSync(path, 'utf8'));
    await ensure(started);
  };
  return { ...machine, ranWith };
}

/** A kubeadm that refuses to begin where anything of another try is left, and leaves half of its files when killed. */
function kubernetes(): FakeMachine {
  const machine = fakeMachine();
  const { kubernetes: folder, etcd } = machine.paths;
  const kubeadm = join(machine.paths.bin, 'kubeadm');
  const putManifests = (programs = Object.keys(extraArguments(LOCAL_NODE))) => {
    for (const [program, wanted] of Object.entries(extraArguments(LOCAL_NODE)))
      if (programs.includes(program))
        put(
          join(folder, 'manifests', `${program}.yaml`),
          wanted.map(({ name, value }) => `    - --${name}=${value}\n`).join(''),
        );
  };
  machine.runner
    .when([kubeadm, 'init'], () => {
      if ([folder, etcd].some((path) => existsSync(path) && readdirSync(path).length > 0))
        return { exitCode: 1, stderr: `${folder} is not empty` };
      put(join(etcd, 'member/wal'));
      putAdminConfig(machine);
      putManifests();
      return {};
    })
    .when([kubeadm, 'init', 'phase', 'control-plane'], (argv) => {
      putManifests([`kube-${argv[4]}`]);
      return {};
    });
  return machine;
}

afterEach(() => jest.restoreAllMocks());

describe('a step that is killed before any of its programs, and run again', () => {
  it('installs every package, after it has finished what was half installed', async () => {
    const make = (machine: Machine) => packagesStep(machine, CLUSTER_PACKAGES);
    const effects = await killedAnywhere(debian, make, async (machine) => {
      expect(await (await make(machine)).done()).toBe(true);
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
    const effects = await killedAnywhere(
      () => fakeMachine({ runner: fakeGo() }),
      programsStep,
      async (machine) => {
        expect(await programsStep(machine).done()).toBe(true);
        await installStep(machine).run(quiet);
        expect(readdirSync(machine.paths.cache).filter((name) => name.startsWith('filling-'))).toEqual([]);
        expect(readFileSync(join(machine.paths.bin, 'kubeadm'), 'utf8')).toMatch(/^program /);
        rmSync(machine.root, { recursive: true });
      },
    );
    // Go's version, and its build.
    expect(effects).toBe(2 * MODULES.length);
  });

  it.each<
    [
      string,
      (machine: Machine) => CheckedStep,
      (paths: MachinePaths) => Unit,
      (paths: MachinePaths) => MachineFile,
    ]
  >([
    ['registry', registryStep, registryUnit, registryFile],
    [
      'container runtime',
      containerdStep,
      containerdUnit,
      (paths) => containerdFile({ paths, node: LOCAL_NODE }, PAUSE_IMAGE),
    ],
    ['image engine', dockerStep, dockerUnit, dockerFile],
  ])('has the %s run with its configuration as it is now', async (_, make, unitOf, fileOf) => {
    jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('nothing listens'));
    const effects = await killedAnywhere(
      () => outdated(unitOf, fileOf),
      make,
      async (machine) => {
        const [unit, file] = [unitOf(machine.paths), fileOf(machine.paths)];
        expect(await isWritten(machine.files, file)).toBe(true);
        expect(await machine.keeper.isRunning(unit)).toBe(true);
        expect((machine as ReturnType<typeof outdated>).ranWith.get(unit.name)).toBe(file.content);
      },
    );
    expect(effects).toBe(3);
  });

  it('initialises the control plane anew when kubeadm did not come to its end, and never else', async () => {
    const make = (machine: Machine) => controlPlaneStep(machine, 'local-1');
    const effects = await killedAnywhere(kubernetes, make, async (machine) => {
      expect(existsSync(join(machine.paths.state, 'kubeadm/finished'))).toBe(true);
      expect(await machine.keeper.isRunning(kubeletUnit(machine))).toBe(true);
      const runs = machine.runner.runs.length;
      await attempt(make, machine);
      expect(machine.runner.runs).toHaveLength(runs);
    });
    expect(effects).toBe(3);
  });

  it('gives a control plane that was made with fewer arguments all of today, and does not make it anew', async () => {
    const manifest = ({ paths }: Machine, name: string) =>
      join(paths.kubernetes, 'manifests', `${name}.yaml`);
    const make = (machine: Machine) => controlPlaneStep(machine, 'local-1');
    const older = (): FakeMachine => {
      const machine = kubernetes();
      for (const file of ['started', 'finished']) put(join(machine.paths.state, 'kubeadm', file));
      putAdminConfig(machine);
      put(manifest(machine, 'kube-controller-manager'), '    - --leader-elect=false\n');
      put(manifest(machine, 'kube-scheduler'), '    - --leader-elect=true\n');
      return machine;
    };
    const effects = await killedAnywhere(older, make, (machine) => {
      expect(readFileSync(manifest(machine, 'kube-controller-manager'), 'utf8')).toContain(
        '--node-monitor-grace-period=1h\n',
      );
      expect(readFileSync(manifest(machine, 'kube-scheduler'), 'utf8')).toContain('--leader-elect=false\n');
      const lines = machine.runner.lines.filter((line) => line.includes('kubeadm init'));
      expect(lines.filter((line) => !line.includes('init phase control-plane'))).toEqual([]);
      expect(existsSync(kubeadmPath(machine.paths))).toBe(true);
    });
    expect(effects).toBe(2);
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
