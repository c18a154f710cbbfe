import { join } from 'node:path';
import { KUBERNETES_VERSION } from '@berth/clusters';
import { ProcessRunner } from '@berth/exec';
import { SmallWorkspace } from '@berth/nx/src/testing-workspace';
import type { BenchContext, Outcome } from '../benchmark';
import { ControlPlane } from '../control-plane/control-plane';
import { benchPrograms, KWOK_VERSION } from '../control-plane/programs';
import { measure } from '../measure';
import { installNothing, nothingAtOnce } from '../nothing';
import { bareEnvironment, nx, nxSettings, writePackages } from '../nx';
import { Samples } from '../samples';
import { rotated } from '../statistics';
import { writeInto } from '../write-into';
import { environmentFile, makeEnvironments } from './environments';
import { rowsOf, SERVICES, type StatusSamples } from './rows';

/** Of all environments together. */
const ALL_SERVICES = [5000];
const RUNS = 5;

const serviceFile = {
  image: 'registry.invalid/app:1',
  ports: [{ name: 'http', port: 8080 }],
  health: { path: '/healthz' },
};
const services = Object.fromEntries(
  Array.from({ length: SERVICES }, (_, index) => [`service-${index + 1}`, serviceFile]),
);
/** Without Services, which no status reads. */
const content = { services, author: 'bench@localhost', hasServices: false };

/** By contestant: who it is at the API server. */
const users = {
  Berth: 'berth',
  Nx: 'nx',
  'kubectl get deployments -A': 'deployments',
  'kubectl get deployments,pods -A': 'pods',
} as const;
type Contestant = keyof typeof users;
const peers: readonly Contestant[] = ['kubectl get deployments -A', 'kubectl get deployments,pods -A'];

interface Command {
  cwd: string;
  argv: string[];
}

/**
 * The status of many environments, read by Berth as one table, and by kubectl: the Deployments alone, which is the least
 * that can be asked, and with their pods. On an API server of the benchmark's own.
 */
export async function status(context: BenchContext): Promise<Outcome> {
  const { scratch, print, services: numbers = ALL_SERVICES } = context;
  print(
    `Takes about ${numbers.length * 5} minutes, and longer when kwok or a control plane have to be built.`,
  );
  const sizes = numbers.map((number) => Math.ceil(number / SERVICES));
  const programs = await benchPrograms(context);
  const packages = await SmallWorkspace.of({});
  const samples: StatusSamples = new Samples();
  try {
    const modules = join(packages.root, 'node_modules');
    installNothing(modules);
    for (const size of sizes) {
      const folder = join(scratch, `plane-${size}`);
      const plane = await ControlPlane.start({ folder, programs, users: Object.values(users), busy: true });
      try {
        const environments = Array.from({ length: size }, (_, index) => `environment-${index + 1}`);
        print(`${size} environments: making them`);
        await makeEnvironments(plane.client, environments, content);
        const kubectl = (user: string, kinds: string): Command => ({
          cwd: scratch,
          argv: [programs.kubectl, '--kubeconfig', plane.access(user).kubeconfig, 'get', kinds, '-A'],
        });
        const commands: Record<Contestant, Command> = {
          Berth: inBerth(join(scratch, `berth-${size}`), modules, environments, plane.access('berth')),
          Nx: inNx(join(scratch, `nx-${size}`), modules, environments),
          'kubectl get deployments -A': kubectl('deployments', 'deployments'),
          'kubectl get deployments,pods -A': kubectl('pods', 'deployments,pods'),
        };
        await race(size, commands, plane, context, samples);
      } finally {
        await plane.stop();
      }
    }
    return {
      versions: { kubernetes: KUBERNETES_VERSION, kwok: KWOK_VERSION },
      rows: rowsOf(samples, sizes, peers),
    };
  } finally {
    packages.remove();
  }
}

/** In turns: what slows the machine down for a while slows all of them. */
async function race(
  size: number,
  commands: Readonly<Record<Contestant, Command>>,
  plane: ControlPlane,
  { print, scratch, signal }: BenchContext,
  samples: StatusSamples,
): Promise<void> {
  const runner = new ProcessRunner({ env: bareEnvironment({ HOME: scratch }), signal });
  for (let number = 0; number < RUNS; number++) {
    print(`${size} environments, status: ${number + 1} of ${RUNS}`);
    for (const contestant of rotated(Object.keys(commands) as Contestant[], number)) {
      const { cwd, argv } = commands[contestant];
      const before = await plane.requests.of(users[contestant]);
      const { seconds, megabytes } = await measure(runner, argv, { cwd });
      const requests = (await plane.requests.of(users[contestant])) - before;
      samples.add(size, 'status', contestant, { seconds, megabytes, requests });
    }
  }
}

function inBerth(
  root: string,
  modules: string,
  environments: readonly string[],
  access: { kubeconfig: string; context: string },
): Command {
  const options = { registry: 'localhost:5000/shop', domain: 'localhost' };
  writeInto(root, 'nx.json', { ...nxSettings, plugins: [{ plugin: '@berth/nx', options }] });
  writePackages(root, modules);
  const cluster = { provider: 'bare-metal', hosts: ['localhost'], ...access };
  writeInto(root, 'deploy/clusters/bench/cluster.json', cluster);
  for (const name of environments) writeInto(root, `deploy/environments/${name}/env.json`, environmentFile);
  for (const [name, file] of Object.entries(services)) writeInto(root, `apps/${name}/service.json`, file);
  return { cwd: root, argv: nx(root, 'run-many', '-t', 'status', '--projects=tag:type:environment') };
}

/** As many projects and tasks, and nothing to do. */
function inNx(root: string, modules: string, environments: readonly string[]): Command {
  writeInto(root, 'nx.json', nxSettings);
  writePackages(root, modules);
  for (const name of environments) {
    const targets = { status: nothingAtOnce };
    writeInto(root, `deploy/environments/${name}/project.json`, { name, targets });
  }
  for (const name of Object.keys(services)) writeInto(root, `apps/${name}/project.json`, { name });
  return { cwd: root, argv: nx(root, 'run-many', '-t', 'status') };
}
