import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  startsContainers,
  type ContainerRunner,
  type Engine,
  type RunningContainer,
  type StartOptions,
} from '@berth/engines';
import { ProgramError, type Runner } from '@berth/exec';
import { needVariables, UserError, type Service } from '@berth/model';
import { probe } from './probe';
import type { ImagePlan } from './plan';

/** Milliseconds between two questions to a container that starts. */
const PAUSE_MS = 100;

/** Lines of a container's output that an error shows. */
const SHOWN_LINES = 20;

export interface TestDependencies {
  engine: Engine;
  /** Every service of the workspace, for the addresses of those that this one needs. */
  services: () => readonly Service[];
  /** npm packages that must not be in a service's image. */
  devPackages: readonly string[];
  /** Runs the service's own tests. */
  runner: Runner;
  workspaceRoot: string;
  signal?: AbortSignal;
}

/**
 * Starts the image as the cluster would, and sees that it is well.
 * A service's image does not run as root, has no development packages, and answers its liveness question on its own:
 * not readiness, because that may wait for the services it needs.
 * @throws UserError that says what is wrong, with the container's last lines
 */
export async function testImage(plan: ImagePlan, deps: TestDependencies): Promise<void> {
  const { image, service, reference, root } = plan;
  if (service) {
    // Both to their end, whatever the other says: whoever lists files has a container to remove.
    const looks = [refuseRoot(plan, deps.engine), refuseDevPackages(plan, deps)];
    for (const look of await Promise.allSettled(looks)) if (look.status === 'rejected') throw look.reason;
  }
  const started: StartOptions = {
    readOnly: true,
    restricted: true,
    writable: ['/tmp'],
    ...(service && startAs(service, deps.services())),
  };
  if (image.test.command) {
    const lines: string[] = [];
    const code = await containersOf(deps.engine).runToEnd(reference, {
      ...started,
      command: image.test.command,
      onLine: (line) => lines.push(line),
      ...(deps.signal && { signal: deps.signal }),
    });
    if (code !== 0) {
      throw new UserError(
        `${root}/image.json at test.command: ${image.test.command.join(' ')} exited with code ${code}:${shown(lines)}`,
      );
    }
  }
  const asksHealth = service?.health?.liveness !== undefined && image.test.health;
  if (!service || !(asksHealth || image.test.client)) return;
  const container = await containersOf(deps.engine).start(reference, started);
  try {
    if (asksHealth) await untilWell(plan, service, container, deps);
    if (image.test.client) await runClient(plan, service, container, image.test.client, deps);
  } finally {
    await container.stop();
  }
}

async function untilWell(
  { root }: ImagePlan,
  service: Service,
  container: RunningContainer,
  { signal }: TestDependencies,
): Promise<void> {
  const { liveness, startSeconds } = service.health ?? {};
  if (!liveness || startSeconds === undefined) return;
  const limit = Date.now() + startSeconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    const wrong = await probe(liveness, service, container);
    if (wrong === undefined) return;
    const code = await container.exitCode();
    if (code !== undefined) {
      throw new UserError(`Its container ended with code ${code}:${await output(container)}`);
    }
    if (Date.now() > limit) {
      throw new UserError(
        `Its container was not well after ${startSeconds} s: ${wrong}.${await output(container)}`,
        `The question is health in ${root}/service.json; its limit is health.startSeconds.`,
      );
    }
    await delay(PAUSE_MS);
  }
}

async function runClient(
  { root }: ImagePlan,
  { ports }: Service,
  container: RunningContainer,
  client: readonly string[],
  { runner, workspaceRoot, signal }: TestDependencies,
): Promise<void> {
  const lines: string[] = [];
  const addresses = await Promise.all(
    ports.map(async ({ name, port }) => {
      const endpoint = await container.endpoint(port);
      const variable = `ADDRESS_${name.toUpperCase().replaceAll('-', '_')}`;
      return [variable, `${endpoint.host}:${endpoint.port}`] as const;
    }),
  );
  try {
    await runner.run(client, {
      cwd: join(workspaceRoot, root),
      env: Object.fromEntries(addresses),
      onLine: (line) => lines.push(line),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (!(error instanceof ProgramError) || error.failure.kind !== 'exit') throw error;
    throw new UserError(
      `${root}/image.json at test.client: ${client.join(' ')} exited with code ${error.exitCode}:${shown(lines)}\nIts container printed:${await output(container)}`,
      undefined,
      { cause: error },
    );
  }
}

/** What the container gets in the cluster, as far as one container alone can have it. */
function startAs(service: Service, services: readonly Service[]): StartOptions {
  return {
    user: `${service.user}:${service.user}`,
    writable: [...new Set([...service.writable, ...service.volumes.map(({ path }) => path)])],
    ...(service.command && { command: service.command }),
    env: {
      ...needVariables(service, services),
      ...service.env,
      // The real ones are the environment's; nothing that was tested knows them.
      ...Object.fromEntries(service.secrets.map((name) => [name, randomBytes(12).toString('hex')])),
    },
  };
}

async function refuseRoot({ reference, root }: ImagePlan, engine: Engine): Promise<void> {
  const user = await engine.user(reference);
  if (!/^(|root|0)(:|$)/.test(user)) return;
  throw new UserError(
    'Its image runs as root, which the restricted Pod Security Standard refuses.',
    `Write USER 1000 into ${root}/Dockerfile.`,
  );
}

async function refuseDevPackages(
  { reference }: ImagePlan,
  { engine, devPackages }: TestDependencies,
): Promise<void> {
  const dev = new Set(devPackages);
  if (dev.size === 0) return;
  const found = new Set<string>();
  for (const path of await engine.files(reference)) {
    const name = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/@.][^/]*)\/package\.json$/.exec(path)?.[1];
    if (name !== undefined && dev.has(name)) found.add(name);
  }
  if (found.size === 0) return;
  throw new UserError(
    `Its image has development packages: ${[...found].sort().join(', ')}.`,
    'Bundle the service (image.json: "target": "build") or install with npm ci --omit=dev.',
  );
}

/** An engine that starts none is refused before the image is built. */
function containersOf(engine: Engine): ContainerRunner {
  if (startsContainers(engine)) return engine;
  throw new Error(`${engine.name} starts no containers`);
}

async function output(container: RunningContainer): Promise<string> {
  return shown(await container.logs(SHOWN_LINES));
}

function shown(lines: readonly string[]): string {
  const last = lines.slice(-SHOWN_LINES);
  return last.length > 0 ? `\n  ${last.join('\n  ')}` : ' (it printed nothing)';
}
