import { UserError } from '@berth/model';
import type { Unit } from '@berth/exec';
import { isWritten, type MachineFile } from '../files';
import type { Machine } from '../machine';
import { REGISTRY } from '../settings';
import type { CheckedStep } from '../step';
import { PAUSE_IMAGE } from '../versions';
import { waitUntil } from '../wait';
import { containerdFile, dockerFile, hostsRegistryFile, registryFile } from './configuration';
import { containerdUnit, dockerUnit, hostsRegistryUnit, registryUnit } from './units';

/** Seconds that a program may take until it answers, with a cold disk. */
const ANSWER_SECONDS = 60;

export function registryStep(machine: Machine): CheckedStep {
  return programStep(machine, {
    title: 'Image registry',
    unit: registryUnit(machine.paths),
    file: registryFile(machine.paths),
    details: [`docker-registry on ${REGISTRY}, data in ${machine.paths.state}/registry`],
    answers: () => registryAnswers(machine),
    before: async () => {
      if (await registryAnswers(machine)) {
        throw new UserError(
          `another registry already answers on ${REGISTRY}`,
          'see whose it is with: ss -ltnp sport = :5000',
        );
      }
    },
  });
}

/** For the other hosts of a cluster, beside {@link registryStep}. */
export function hostsRegistryStep(machine: Machine): CheckedStep {
  const { address } = machine.node;
  return programStep(machine, {
    title: 'Image registry for the other hosts',
    unit: hostsRegistryUnit(machine.paths),
    file: hostsRegistryFile(machine),
    details: [`docker-registry on ${address}:5000, for reading only`],
    answers: async () => {
      const listening = ['ss', '--no-header', '--listening', '--tcp', `src = ${address} and sport = :5000`];
      return (await machine.runner.run(listening)).stdout.trim() !== '';
    },
  });
}

export function containerdStep(machine: Machine): CheckedStep {
  return programStep(machine, {
    title: 'Container runtime',
    unit: containerdUnit(machine.paths),
    file: containerdFile(machine, PAUSE_IMAGE),
    details: [`containerd on ${machine.paths.containerdSocket}`],
    answers: () => containerdAnswers(machine),
  });
}

export function dockerStep(machine: Machine): CheckedStep {
  const step = programStep(machine, {
    title: 'Image engine',
    unit: dockerUnit(machine.paths),
    file: dockerFile(machine.paths),
    details: [`dockerd on ${machine.paths.dockerSocket}, data in ${machine.paths.state}/docker`],
    answers: () => dockerAnswers(machine),
  });
  return {
    ...step,
    // A docker of the machine's own serves as well, and is left alone.
    done: async () =>
      (await step.done()) ||
      (!(await machine.files.exists(dockerFile(machine.paths).path)) && (await dockerAnswers(machine))),
  };
}

interface Program {
  title: string;
  details: string[];
  unit: Unit;
  file: MachineFile;
  answers(): Promise<boolean>;
  /** Runs when the unit is not running yet. */
  before?(): Promise<void>;
}

function programStep(machine: Machine, program: Program): CheckedStep {
  const { unit, file } = program;
  return {
    title: program.title,
    details: program.details,
    done: async () =>
      (await isWritten(machine.files, file)) &&
      (await machine.keeper.isRunning(unit)) &&
      (await program.answers()),
    run: async (log) => {
      if (!(await isWritten(machine.files, file))) {
        await machine.keeper.stop(unit.name);
        await machine.files.write(file);
      }
      if (!(await machine.keeper.isRunning(unit))) {
        await machine.keeper.stop(unit.name);
        await program.before?.();
        await machine.keeper.ensure(unit);
      }
      const hint = `its output: ${machine.keeper.logHint(unit.name)}`;
      await waitUntil(`${unit.name} did not answer`, ANSWER_SECONDS, hint, () => program.answers());
      log(`${unit.name} answers; ${hint}`);
    },
  };
}

async function registryAnswers({ registryUrl }: Machine): Promise<boolean> {
  try {
    return (await fetch(`${await registryUrl()}/v2/`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

async function containerdAnswers({ runner, files, paths }: Machine): Promise<boolean> {
  const argv = ['ctr', '--address', paths.containerdSocket, '--connect-timeout', '2s', 'version'];
  return (await files.exists(paths.containerdSocket)) && succeeds(runner.run(argv, { timeoutMs: 5_000 }));
}

async function dockerAnswers({ runner, files, paths }: Machine): Promise<boolean> {
  const argv = [
    'docker',
    '--host',
    `unix://${paths.dockerSocket}`,
    'version',
    '--format',
    '{{.Server.Version}}',
  ];
  return (await files.exists(paths.dockerSocket)) && succeeds(runner.run(argv, { timeoutMs: 5_000 }));
}

async function succeeds(run: Promise<unknown>): Promise<boolean> {
  return run.then(
    () => true,
    () => false,
  );
}
