import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { ContainerRunner, Engine } from './engine';

export interface EngineUnderTest {
  engine: Engine;
  /** Absent with its reason for an engine that starts no containers. */
  containers: ContainerRunner | { skipped: string };
  /** Registry and path that the test may push to. */
  registry: string;
  /** The digest that the registry has for a reference. */
  digestOf(reference: string): Promise<string | undefined>;
  /** A static program for this machine that the images are made of: it is called with `serve` or `exit <code>`. */
  program: string;
  /** Removes what the test left in the engine's store. */
  forget(reference: string): Promise<void>;
}

/** What every engine does. Called inside a describe; `setUp` is called once. */
export function itIsAnEngine(setUp: () => Promise<EngineUnderTest>): void {
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
    if ('skipped' in part.containers) return;
    expect(await part.containers.files(reference)).toEqual(expect.arrayContaining(['note', 'second']));
  });

  it('says which step failed, with what the builder printed', async () => {
    await expect(build('FROM scratch\nCOPY missing /missing\n')).rejects.toMatchObject({
      message: expect.stringContaining('missing'),
    });
  });

  it('refuses to push what it does not have', async () => {
    await expect(part.engine.push(`${part.registry}/engine-contract:${randomUUID()}`)).rejects.toThrow();
  });

  describe('with containers', () => {
    let containers: ContainerRunner;
    let image: string;
    beforeAll(async () => {
      if ('skipped' in part.containers) return;
      containers = part.containers;
      image = await build(
        'FROM scratch\nCOPY program /program\nUSER 1000\nENTRYPOINT ["/program"]\nCMD ["serve"]\n',
      );
    });

    it("knows the image's user and files", async () => {
      if (!containers) return;
      expect(await containers.user(image)).toBe('1000');
      expect(await containers.user(await build('FROM scratch\nCOPY note /note\n'))).toBe('');
      expect(await containers.files(image)).toContain('program');
    });

    it('starts a container that the host reaches, and ends it', async () => {
      if (!containers) return;
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
      if (!containers) return;
      const lines: string[] = [];
      const code = await containers.runToEnd(image, {
        command: ['/program', 'exit', '7'],
        onLine: (line) => lines.push(line),
      });
      expect(code).toBe(7);
      expect(lines).toContain('exit 7');
    });

    it('keeps the logs of a container that ended', async () => {
      if (!containers) return;
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
