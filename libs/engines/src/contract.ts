import { randomBytes, randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpRegistry, withDigest } from '@berth/registry';
import { TestRegistry } from '@berth/registry/src/testing-registry';
import { startsContainers, type ContainerRunner, type Engine } from './engine';
import type { BuildSettings } from './request';
import { RegistryFront } from './testing-front';
import { storedManifest } from './testing-registry';

export interface EngineUnderTest {
  engine: Engine;
  /** The same kind of engine, with a store of its own that is empty; absent where `cannot` says why. */
  elsewhere?: Engine;
  /** The program of testing-program.ts. */
  program: string;
  /** Removes what the test left in the engine's store. */
  forget(reference: string): Promise<void>;
}

/** Why an engine lacks an ability: the tests of it are listed as skipped with that reason. */
export interface Inabilities {
  startContainers?: string;
  reproduce?: string;
  severalPlatforms?: string;
  buildCache?: string;
  countMounted?: string;
}

const platforms = ['linux/amd64', 'linux/arm64'];

/** What every engine does. Called inside a describe; `setUp` is called once. */
export function itIsAnEngine(setUp: () => Promise<EngineUnderTest>, cannot: Inabilities = {}): void {
  let part: EngineUnderTest;
  let folder: string;
  let server: TestRegistry;
  let repository: string;
  const made: string[] = [];
  const registry = new HttpRegistry();

  /** A build context whose files are as old as it is. */
  const contextOf = async (name: string, age: number) => {
    const context = join(folder, name);
    await mkdir(context);
    await copyFile(part.program, join(context, 'program'));
    await writeFile(join(context, 'note'), 'text');
    const date = new Date(Date.now() - age);
    for (const file of ['program', 'note']) await utimes(join(context, file), date, date);
  };
  const build = async (
    dockerfile: string,
    {
      engine = part.engine,
      context = 'context',
      args = {},
      reference = `${repository}/engine-contract:${randomUUID()}`,
      ...settings
    }: Partial<BuildSettings> & {
      engine?: Engine;
      context?: string;
      args?: Record<string, string>;
      reference?: string;
    } = {},
  ) => {
    if (engine === part.engine) made.push(reference);
    await writeFile(join(folder, context, 'Dockerfile'), dockerfile);
    await engine.build({
      reference,
      context: join(folder, context),
      dockerfile: join(folder, context, 'Dockerfile'),
      args,
      platforms: [],
      labels: { 'berth.dev/test': 'contract' },
      ...settings,
    });
    return reference;
  };
  const push = (reference: string, engine = part.engine) => engine.push(reference, { registry });
  const elsewhere = () => {
    if (part.elsewhere) return part.elsewhere;
    throw new Error('set up a second engine, or say why it cannot do what this tests');
  };
  const can = (reason: string | undefined) => (reason === undefined ? describe : describe.skip);
  const titled = (title: string, reason: string | undefined) => (reason ? `${title} (${reason})` : title);

  beforeAll(async () => {
    part = await setUp();
    folder = await mkdtemp(join(tmpdir(), 'engine-contract-'));
    server = await TestRegistry.start({ folder, name: 'registry' });
    repository = `${server.host}/berth-contract`;
    await contextOf('context', 0);
    await contextOf('another', 86_400_000);
  });
  afterAll(async () => {
    for (const reference of made) await part.forget(reference);
    registry.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('answers when it is asked whether it is there', async () => {
    await expect(part.engine.check()).resolves.toBeUndefined();
  });

  it('builds an image, pushes it, and knows the digest that the registry gave it', async () => {
    const reference = await build('FROM scratch\nCOPY note /note\n');
    const { digest } = await push(reference);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect((await storedManifest(reference))?.digest).toBe(digest);
  });

  it('builds on an image of its own store, given by a build argument', async () => {
    const base = await build('FROM scratch\nCOPY note /note\n');
    const reference = await build('ARG BASE\nFROM ${BASE}\nCOPY note /second\n', { args: { BASE: base } });
    expect(await storedManifest(reference)).toBeUndefined();
    await push(reference);
    expect(await storedManifest(reference)).toBeDefined();
  });

  it('says which step failed, with what the builder printed', async () => {
    await expect(build('FROM scratch\nCOPY missing /missing\n')).rejects.toMatchObject({
      message: expect.stringContaining('missing'),
    });
  });

  it('shows the last lines of a step that fails, and not all of them', async () => {
    const failing = build('FROM scratch\nCOPY program /program\nRUN ["/program", "fail", "2000"]\n');
    const { message } = await failing.then(
      () => expect(undefined).toBeDefined() as never,
      (error: unknown) => error as Error,
    );
    expect(message).toContain('line 2000');
    expect(message.split('\n').length).toBeLessThan(25);
  });

  it('takes the SHELL of a Dockerfile', async () => {
    const image = await build(
      'FROM scratch\nCOPY program /program\nSHELL ["/program", "random"]\nRUN /made\n',
    );
    expect(await part.engine.files(image)).toContain('made');
  });

  it('refuses to push what it does not have', async () => {
    await expect(push(`${repository}/engine-contract:${randomUUID()}`)).rejects.toThrow();
  });

  describe('before a registry that counts', () => {
    let front: RegistryFront;
    beforeAll(async () => {
      front = await RegistryFront.before(server.host);
      // Nobody has it yet.
      await writeFile(join(folder, 'context', 'new'), randomBytes(100_000));
    });
    afterAll(() => front.close());
    /** What the engine says that it sent, once it is what came. */
    const sent = async (dockerfile: string, name: string, settings?: Partial<BuildSettings>) => {
      const reference = `${front.host}/berth-contract/${name}:${randomUUID()}`;
      await build(dockerfile, { reference, ...settings });
      front.received = 0;
      const { bytes } = await push(reference);
      expect(bytes).toBe(front.received);
      return bytes;
    };
    const dockerfile = 'FROM scratch\nCOPY new /new\nCOPY note /note\n';

    it('knows how many bytes it has sent: only what the registry did not have', async () => {
      const name = `bytes-${randomUUID()}`;
      expect(await sent(dockerfile, name)).toBeGreaterThan(100_000);
      expect(await sent(dockerfile, name)).toBe(0);
      const changed = await sent(`${dockerfile}ENV A=1\n`, name);
      expect(changed).toBeGreaterThan(0);
      expect(changed).toBeLessThan(10_000);
    });

    can(cannot.countMounted)(titled('into a second repository', cannot.countMounted), () => {
      it('knows it of what the registry has in the first one', async () => {
        await sent(dockerfile, `bytes-${randomUUID()}`);
        await sent(dockerfile, `bytes-${randomUUID()}`);
      });
    });

    can(cannot.severalPlatforms)(titled('with several platforms', cannot.severalPlatforms), () => {
      it('knows it of all images of an index', async () => {
        await sent(dockerfile, `bytes-${randomUUID()}`, { platforms });
      });
    });
  });

  it("knows an image's user and files", async () => {
    const image = await build('FROM scratch\nCOPY program /bin/program\nUSER 1000\n');
    expect(await part.engine.user(image)).toBe('1000');
    expect(await part.engine.user(await build('FROM scratch\nCOPY note /note\n'))).toBe('');
    expect(await part.engine.files(image)).toContain('bin/program');
    const onIt = await build('ARG BASE\nFROM ${BASE}\nCOPY note /note\n', { args: { BASE: image } });
    expect(await part.engine.files(onIt)).toEqual(expect.arrayContaining(['bin/program', 'note']));
  });

  can(cannot.reproduce)(titled('reproducibly', cannot.reproduce), () => {
    it('gives the same image the same digest, built of another folder in another store', async () => {
      const dockerfile = 'FROM scratch\nCOPY note program /srv/\nENV A=1\nUSER 1000\n';
      const once = await build(dockerfile);
      const again = await build(dockerfile, { engine: elsewhere(), context: 'another' });
      expect((await push(again, elsewhere())).digest).toBe((await push(once)).digest);
    });

    it('gives an image the same digest in a store that has pulled its base, and in one that has built that twice', async () => {
      const base = 'FROM scratch\nCOPY note /base\nENV B=1\n';
      const reference = await build(base);
      const { digest } = await push(reference);
      const dockerfile = `FROM ${withDigest(reference, digest)}\nCOPY note /second\n`;
      const pulled = await build(dockerfile, { engine: elsewhere() });
      // It pulls the base too, which is a tag of its own store again after this.
      await build(`FROM ${withDigest(reference, digest)}\nCOPY program /second\n`);
      await build(base, { reference });
      const built = await build(dockerfile);
      expect((await push(built)).digest).toBe((await push(pulled, elsewhere())).digest);
    });
  });

  can(cannot.severalPlatforms)(titled('for several platforms', cannot.severalPlatforms), () => {
    const dockerfile = 'FROM scratch\nCOPY program /program\nUSER 1000\nENTRYPOINT ["/program"]\n';

    it('pushes an index of an image for each, knows its digest, and knows and runs the one of this machine', async () => {
      const reference = await build(dockerfile, { platforms });
      const { digest } = await push(reference);
      expect(await storedManifest(reference)).toEqual({ digest, platforms });
      expect(await part.engine.user(reference)).toBe('1000');
      expect(await part.engine.files(reference)).toContain('program');
      if (startsContainers(part.engine))
        expect(await part.engine.runToEnd(reference, { command: ['/program', 'exit', '7'] })).toBe(7);
    });

    it('builds on an index of the registry, and makes one anew that is there', async () => {
      const base = await build(dockerfile, { platforms });
      await push(base);
      const args = { BASE: base };
      const reference = await build('ARG BASE\nFROM ${BASE}\nCOPY note /note\n', { args, platforms });
      await build('ARG BASE\nFROM ${BASE}\nCOPY note /again\n', { args, platforms, reference });
      const { digest } = await push(reference);
      expect(await storedManifest(reference)).toEqual({ digest, platforms });
      expect(await part.engine.files(reference)).toContain('again');
    });
  });

  can(cannot.buildCache)(titled('with a build cache', cannot.buildCache), () => {
    // What the step writes is never the same, unless it is not run.
    const steps = (mark: string) =>
      `FROM scratch\nENV MARK=${mark}\nCOPY program /program\nRUN ["/program", "random", "/random"]\n`;
    const digestOf = async (...parameters: Parameters<typeof build>) =>
      (await push(await build(...parameters), parameters[1]?.engine)).digest;

    it('takes a step that another store has done from the registry, and without the cache does it again', async () => {
      const cache = `${repository}/cache-${randomUUID()}`;
      const first = await digestOf(steps('with'), { cache });
      expect(await digestOf(steps('with'), { engine: elsewhere(), cache })).toBe(first);
      const other = await digestOf(steps('without'), { cache });
      expect(await digestOf(steps('without'), { engine: elsewhere() })).not.toBe(other);
    });
  });

  const lacking = Object.entries({ platforms: cannot.severalPlatforms, cache: cannot.buildCache });
  const refused = lacking.filter(([, reason]) => reason !== undefined).map(([name]) => name);
  if (refused.length > 0) {
    it.each(refused)('refuses what it lacks before anything is built: %s', async (name) => {
      const settings = name === 'cache' ? { platforms: [], cache: `${repository}/cache` } : { platforms };
      const told = { name: 'UserError', hint: expect.stringContaining('nx.json') };
      await expect(part.engine.check(settings)).rejects.toMatchObject(told);
      await expect(build('FROM scratch\nCOPY note /note\n', settings)).rejects.toMatchObject(told);
    });
  }

  can(cannot.startContainers)(titled('with containers', cannot.startContainers), () => {
    let containers: ContainerRunner;
    let image: string;
    beforeAll(async () => {
      if (!startsContainers(part.engine)) throw new Error('say why this engine starts no containers');
      containers = part.engine;
      image = await build(
        'FROM scratch\nCOPY program /program\nUSER 1000\nENTRYPOINT ["/program"]\nCMD ["serve"]\n',
      );
    });
    const restricted = { readOnly: true, restricted: true, writable: ['/tmp'] };
    const ready = async (container: Awaited<ReturnType<ContainerRunner['start']>>) => {
      for (const limit = Date.now() + 20_000; Date.now() < limit;)
        if ((await container.logs(1)).includes('ready')) return;
      throw new Error('it did not say that it is ready');
    };

    it('starts containers that the host reaches at the same port of each, and ends them', async () => {
      const both = await Promise.all([0, 1].map(() => containers.start(image, restricted)));
      try {
        for (const container of both) {
          expect(await container.exitCode()).toBeUndefined();
          await ready(container);
          const { host, port } = await container.endpoint(8080);
          const response = await fetch(`http://${host}:${port}/`);
          expect(await response.text()).toBe('well');
          expect(await container.execute(['/program', 'exit', '3'])).toBe(3);
        }
      } finally {
        for (const container of both) await container.stop();
      }
      await expect(both[0]?.stop()).resolves.toBeUndefined();
    });

    it('does not reach what listens inside the container only', async () => {
      const container = await containers.start(image, {
        ...restricted,
        command: ['/program', 'serve-loopback'],
      });
      try {
        await ready(container);
        const asked = container.endpoint(8080).then(({ host, port }) => fetch(`http://${host}:${port}/`));
        await expect(asked).rejects.toThrow();
      } finally {
        await container.stop();
      }
    });

    it('lets a container write where it is told, and nowhere else', async () => {
      const write = (file: string) =>
        containers.runToEnd(image, { ...restricted, command: ['/program', 'random', file] });
      expect(await write('/tmp/file')).toBe(0);
      for (const file of ['/file', '/run/file', '/var/tmp/file']) expect(await write(file)).not.toBe(0);
    });

    it('runs a container to its end and gives its exit code', async () => {
      const lines: string[] = [];
      const code = await containers.runToEnd(image, {
        command: ['/program', 'exit', '7'],
        onLine: (line) => lines.push(line),
      });
      expect(code).toBe(7);
      expect(lines).toContain('exit 7');
    });

    it("shares a folder of the host's with a container, also one with a comma in its name", async () => {
      const source = join(folder, 'shared, with a comma');
      await mkdir(source, { mode: 0o777 });
      const options = { command: ['/program', 'random', '/shared/file'], user: '0' };
      const mount = { source, target: '/shared' };
      expect(await containers.runToEnd(image, { ...options, mounts: [{ ...mount, readOnly: true }] })).toBe(
        1,
      );
      expect(await containers.runToEnd(image, { ...options, mounts: [mount] })).toBe(0);
    });

    it('keeps the logs of a container that ended', async () => {
      const container = await containers.start(image, { command: ['/program', 'exit', '5'] });
      try {
        const limit = Date.now() + 20_000;
        while ((await container.exitCode()) === undefined && Date.now() < limit);
        expect(await container.exitCode()).toBe(5);
        expect(await container.logs(10)).toEqual(['exit 5']);
      } finally {
        await container.stop();
      }
    });
  });
}
