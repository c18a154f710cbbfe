import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { ContainerRunner, Engine } from './engine';

export interface EngineUnderTest {
  engine: Engine;
  /** Absent for an engine that starts no containers. */
  containers?: ContainerRunner;
  /** Registry and path that the test may push to. */
  registry: string;
  /** The digest that the registry has for a reference. */
  digestOf(reference: string): Promise<string | undefined>;
  /** A static program for this machine that the images are made of: it is called with `serve` or `exit <code>`. */
  program: string;
  /** Removes what the test left in the engine's store. */
  forget(reference: string): Promise<void>;
}

/**
 * What every engine does. Called inside a describe; `setUp` is called once.
 * @param cannot why the engine lacks an ability; its tests are listed as skipped with that reason
 */
export function itIsAnEngine(
  setUp: () => Promise<EngineUnderTest>,
  cannot: { startContainers?: string } = {},
): void {
  let part: EngineUnderTest;
  let context: string;
  const made: string[] = [];

  const build = async (dockerfile: string, args: Record<string, string> = {}) => {
    const reference = `${part.registry}/engine-contract:${randomUUID()}`;
    made.push(reference);
    await writeFile(join(context, 'Dockerfile'), dockerfile);
    await part.engine.build({
      reference,
      context,
      dockerfile: join(context, 'Dockerfile'),
      args,
      platforms: [],
      labels: { 'berth.dev/test': 'contract' },
    });
    return reference;
  };

  beforeAll(async () => {
    part = await setUp();
    context = await mkdtemp(join(tmpdir(), 'engine-contract-'));
    await copyFile(part.program, join(context, 'program'));
    await writeFile(join(context, 'note'), 'text');
  });
  afterAll(async () => {
    for (const reference of made) await part.forget(reference);
    await rm(context, { recursive: true, force: true });
  });

  it('answers when it is asked whether it is there', async () => {
    await expect(part.engine.check()).resolves.toBeUndefined();
  });

  it('builds an image, pushes it, and knows the digest that the registry gave it', async () => {
    const reference = await build('FROM scratch\nCOPY note /note\n');
    const digest = await part.engine.push(reference);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await part.digestOf(reference)).toBe(digest);
  });

  it('builds on an image of its own store, given by a build argument', async () => {
    const base = await build('FROM scratch\nCOPY note /note\n');
    const reference = await build('ARG BASE\nFROM ${BASE}\nCOPY note /second\n', { BASE: base });
    expect(await part.digestOf(reference)).toBeUndefined();
    await part.engine.push(reference);
    expect(await part.digestOf(reference)).toBeDefined();
  });

  it('says which step failed, with what the builder printed', async () => {
    await expect(build('FROM scratch\nCOPY missing /missing\n')).rejects.toMatchObject({
      message: expect.stringContaining('missing'),
    });
  });

  it('refuses to push what it does not have', async () => {
    await expect(part.engine.push(`${part.registry}/engine-contract:${randomUUID()}`)).rejects.toThrow();
  });

  const withContainers = cannot.startContainers === undefined ? describe : describe.skip;
  withContainers(`with containers${cannot.startContainers ? ` (${cannot.startContainers})` : ''}`, () => {
    let containers: ContainerRunner;
    let image: string;
    beforeAll(async () => {
      if (!part.containers) throw new Error('set up an engine that starts containers, or say why it cannot');
      containers = part.containers;
      image = await build(
        'FROM scratch\nCOPY program /program\nUSER 1000\nENTRYPOINT ["/program"]\nCMD ["serve"]\n',
      );
    });

    it("knows the image's user and files", async () => {
      expect(await containers.user(image)).toBe('1000');
      expect(await containers.user(await build('FROM scratch\nCOPY note /note\n'))).toBe('');
      expect(await containers.files(image)).toContain('program');
      const onIt = await build('ARG BASE\nFROM ${BASE}\nCOPY note /note\n', { BASE: image });
      expect(await containers.files(onIt)).toEqual(expect.arrayContaining(['program', 'note']));
    });

    it('starts a container that the host reaches, and ends it', async () => {
      const container = await containers.start(image, {
        readOnly: true,
        restricted: true,
        writable: ['/tmp'],
      });
      try {
        expect(container.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
        expect(await container.exitCode()).toBeUndefined();
        expect(await container.execute(['/program', 'exit', '3'])).toBe(3);
      } finally {
        await container.stop();
      }
      await expect(container.stop()).resolves.toBeUndefined();
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
