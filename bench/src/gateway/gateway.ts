import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { bareMetal, KUBERNETES_VERSION } from '@berth/clusters';
import { ProcessRunner } from '@berth/exec';
import { UserError } from '@berth/model';
import type { BenchContext, Outcome } from '../benchmark';
import { benchPrograms, builtForBench } from '../control-plane/programs';
import { pushedImage } from '../pushed-image';
import type { Assignment } from './inside';
import { OwnNetwork } from './own-network';
import { rowsOf, type Results } from './rows';

/** Pinned in go.mod and go.sum. */
const TRAEFIK_VERSION = 'v3.6.12';
const VEGETA_VERSION = 'v12.12.0';

const SIZES = [10, 1000, 10_000];

/**
 * The gateway beside nginx with the same routes in its configuration, nginx that is reloaded with each change, and
 * Traefik: how fast each follows the API server, how much it serves, and what fails meanwhile.
 */
export async function gateway(context: BenchContext): Promise<Outcome> {
  const { root, scratch, print, signal, services: sizes = SIZES } = context;
  if (process.getuid?.() !== 0)
    throw new UserError(
      'only root can give a benchmark a network of its own',
      'sudo -E npx nx bench gateway',
    );
  print('Takes about half an hour with all sizes, and longer when Traefik has to be built.');
  const runner = new ProcessRunner({ signal });
  const machine = bareMetal({ runner, workspace: root, home: homedir() });
  const wrk = await machine.planPackages('Debian packages of the benchmark', [
    { name: 'wrk', file: '/usr/bin/wrk' },
  ]);
  for (const { run } of [...wrk, ...(await machine.planEngine())]) await run(print);
  const programs = {
    ...(await benchPrograms(context)),
    traefik: await builtForBench(
      {
        name: 'traefik',
        version: TRAEFIK_VERSION,
        source: 'github.com/traefik/traefik/v3/cmd/traefik',
        ldflags: [`-X github.com/traefik/traefik/v3/pkg/version.Version=${TRAEFIK_VERSION.slice(1)}`],
      },
      context,
    ),
    vegeta: await builtForBench(
      { name: 'vegeta', version: VEGETA_VERSION, source: 'github.com/tsenart/vegeta/v12' },
      context,
    ),
  };
  const image = await pushedImage('gateway', context, runner);
  const network = await OwnNetwork.start(image, runner);
  try {
    const assignment: Assignment = {
      ...{ image, network: network.name, scratch, programs, sizes },
      whole: sizes === SIZES,
      results: join(scratch, 'results.json'),
    };
    const file = join(scratch, 'assignment.json');
    writeFileSync(file, JSON.stringify(assignment));
    const inside = network.inside(process.execPath, join(root, 'bench/bin/gateway-inside.mjs'), file);
    await runner.run(inside, { onLine: print, cwd: root });
    const results = JSON.parse(readFileSync(assignment.results, 'utf8')) as Results;
    return { versions: await versions(image, runner), rows: rowsOf(results), failures: results.failures };
  } finally {
    await network.remove();
  }
}

async function versions(image: string, runner: ProcessRunner): Promise<Record<string, string>> {
  const { stderr } = await runner.run(['docker', 'run', '--rm', '--network', 'none', image, 'nginx', '-v']);
  return {
    nginx: /nginx\/(\S+)/.exec(stderr)?.[1] ?? '',
    Traefik: TRAEFIK_VERSION,
    Kubernetes: KUBERNETES_VERSION,
    vegeta: VEGETA_VERSION,
  };
}
