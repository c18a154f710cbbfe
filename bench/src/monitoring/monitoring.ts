import { homedir } from 'node:os';
import { join } from 'node:path';
import { bareMetal, KUBERNETES_VERSION } from '@berth/clusters';
import { ProcessRunner } from '@berth/exec';
import type { BenchContext, Outcome } from '../benchmark';
import { ControlPlane } from '../control-plane/control-plane';
import { benchPrograms, KWOK_VERSION, type BenchPrograms } from '../control-plane/programs';
import { measure } from '../measure';
import { bareEnvironment } from '../nx';
import { pushedImage } from '../pushed-image';
import { makeEnvironments } from '../status/environments';
import { Changes } from './changes';
import { content, environmentNames, placesIn, SERVICES } from './content';
import { passDay, type DayPlan } from './day';
import { follow } from './follow';
import { loaded } from './load';
import { MonitoringPage, type Opening } from './monitoring-page';
import { memoryMegabytes, MonitoringServer } from './monitoring-server';
import { takePictures } from './pictures';
import { rowsOf, type Results } from './rows';

/** Of all environments together. */
const ALL_SERVICES = [5000];
/** Seconds that Events are kept: a day takes about two minutes here, and a cluster keeps them for an hour of it. */
const EVENT_SECONDS = 5;
/** Services that are changed in the day again and again: as most of a large cluster's are not. */
const DEPLOYED = 100;

interface Amounts {
  openings: number;
  followed: number;
  perSecond: number;
  seconds: number;
  day: DayPlan;
}

const WHOLE: Amounts = {
  ...{ openings: 7, followed: 100, perSecond: 5, seconds: 30 },
  day: { deploys: 1000, stumbles: 200, replaced: 10 },
};
const QUICK: Amounts = {
  ...{ openings: 3, followed: 20, perSecond: 5, seconds: 5 },
  day: { deploys: 200, stumbles: 20, replaced: 10 },
};

interface Ground {
  plane: ControlPlane;
  programs: BenchPrograms;
  server: MonitoringServer;
  amounts: Amounts;
}

/**
 * The page of all environments: how soon it is there, how soon it shows what changes, and what a day of changes does to
 * its server and to the browser. On an API server of the benchmark's own.
 */
export async function monitoring(context: BenchContext): Promise<Outcome> {
  const { root, scratch, print, signal, services: numbers = ALL_SERVICES, pictures } = context;
  print(
    'Takes about ten minutes with 5,000 services, and longer when kwok or a control plane have to be built.',
  );
  const runner = new ProcessRunner({ signal });
  for (const { run } of await bareMetal({ runner, workspace: root, home: homedir() }).planEngine())
    await run(print);
  const programs = await benchPrograms(context);
  const image = await pushedImage('monitoring', context, runner);
  const amounts = numbers === ALL_SERVICES ? WHOLE : QUICK;
  const all: Results[] = [];
  for (const number of numbers) {
    const environments = environmentNames(Math.ceil(number / SERVICES));
    const folder = join(scratch, `plane-${number}`);
    const users = ['monitoring'];
    const plane = await ControlPlane.start({
      folder,
      programs,
      users,
      busy: true,
      eventSeconds: EVENT_SECONDS,
    });
    try {
      print(`${environments.length} environments: making them`);
      await makeEnvironments(plane.client, environments, content);
      const server = await MonitoringServer.start({ root, image, plane, scratch: folder });
      try {
        all.push(await measured(environments, { plane, programs, server, amounts }, context));
        if (pictures !== undefined) await takePictures(plane.client, server, environments[0]!, pictures);
      } finally {
        await server.stop();
      }
    } finally {
      await plane.stop();
    }
  }
  return { versions: { kubernetes: KUBERNETES_VERSION, kwok: KWOK_VERSION }, rows: all.flatMap(rowsOf) };
}

async function measured(
  environments: readonly string[],
  ground: Ground,
  context: BenchContext,
): Promise<Results> {
  const { plane, programs, server, amounts } = ground;
  const { root, print, signal } = context;
  const { client } = plane;
  const kubectl = [programs.kubectl, '--kubeconfig', plane.access('monitoring').kubeconfig];
  const { openings, listed } = await opened(environments.length * SERVICES, kubectl, ground, context);
  const page = await MonitoringPage.open(server, environments.length * SERVICES);
  try {
    const changes = new Changes(client, page);
    const places = placesIn(environments);
    print('deploys, one after the other');
    const followed = await follow(changes, places.slice(0, amounts.followed), {
      client,
      kubectl: [...kubectl, 'get', 'deployments', '-A', '--watch-only', '-o', 'wide'],
      signal,
    });
    print(`${amounts.perSecond} deploys a second`);
    const load = await loaded(
      amounts.perSecond,
      places.slice(0, amounts.perSecond * amounts.seconds),
      changes,
      {
        server,
        page,
      },
    );
    print('a day');
    const leaving = environments.at(-1) ?? '';
    const changing = placesIn(environments.slice(0, -1));
    const coming = Array.from({ length: amounts.day.replaced }, (_, index) => `pull-request-${index + 1}`);
    const most = Math.min(DEPLOYED, changing.length / 2);
    const [deployed, stumbling] = [changing.slice(0, most), changing.slice(most)];
    const day = await passDay(
      amounts.day,
      { deployed, stumbling, leaving, coming },
      changes,
      { server, page },
      print,
    );
    const { startSeconds } = server;
    const memory = memoryMegabytes(root);
    return { environments: environments.length, startSeconds, openings, listed, followed, load, day, memory };
  } finally {
    await page.close();
  }
}

/** The page is opened, and kubectl lists the same, in turns: what slows the machine down for a while slows both. */
async function opened(
  services: number,
  kubectl: readonly string[],
  { server, amounts }: Ground,
  { scratch, print, signal }: BenchContext,
): Promise<Pick<Results, 'openings' | 'listed'>> {
  const runner = new ProcessRunner({ env: bareEnvironment({ HOME: scratch }), signal });
  const openings: Opening[] = [];
  const listed: number[] = [];
  for (let number = 0; number < amounts.openings; number++) {
    print(`opening the page: ${number + 1} of ${amounts.openings}`);
    const page = await MonitoringPage.open(server, services);
    openings.push(page.opening);
    await page.close();
    listed.push(1000 * (await measure(runner, [...kubectl, 'get', 'deployments', '-A'])).seconds);
  }
  return { openings, listed };
}
