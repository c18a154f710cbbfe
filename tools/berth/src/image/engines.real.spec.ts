import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import type { BerthOptions } from '../options';
import { ensureImages, imageTags } from './index';
import { makeAndReport } from './make-and-report';
import { TestWorkspace } from './stand-ins';
import { writeServers } from './testing-images';

jest.setTimeout(120_000);

describe('images of the engines beside docker', () => {
  const runner = new ProcessRunner();
  const folder = mkdtempSync(join(tmpdir(), 'berth-engines-'));
  const storageBefore = process.env['CONTAINERS_STORAGE_CONF'];
  const options: BerthOptions = {
    registry: `localhost:5000/berth-test-${randomUUID().slice(0, 8)}`,
    insecureRegistries: [],
    engine: 'podman',
    domain: 'localhost',
    platforms: [],
  };
  const buildah = { ...options, engine: 'buildah' };
  let workspace: TestWorkspace;

  const context = () => ({ root: workspace.root, projectGraph: workspace.graph, isVerbose: false });
  const failures = async (...projects: string[]) =>
    Object.fromEntries(
      (await makeAndReport(projects, 'push', options, context())).map(({ project, outcome, failure }) => [
        project,
        failure?.message ?? outcome,
      ]),
    );

  /** The machine's own images are left alone. */
  const useStore = (name: string) => {
    const store = join(folder, name);
    mkdirSync(store, { recursive: true });
    const storage = join(store, 'storage.conf');
    writeFileSync(
      storage,
      `[storage]\ndriver = "overlay"\ngraphroot = "${store}/root"\nrunroot = "${store}/run"\n`,
    );
    process.env['CONTAINERS_STORAGE_CONF'] = storage;
  };

  beforeAll(async () => {
    useStore('store');
    workspace = new TestWorkspace();
    await writeServers(workspace);
  });
  beforeEach(() => jest.spyOn(console, 'log').mockImplementation(() => undefined));
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    for (const store of ['store', 'another'])
      await runner.run(['umount', join(folder, store, 'root/overlay')], { expect: [0, 1, 32] });
    if (storageBefore === undefined) delete process.env['CONTAINERS_STORAGE_CONF'];
    else process.env['CONTAINERS_STORAGE_CONF'] = storageBefore;
    rmSync(folder, { recursive: true, force: true });
    workspace.remove();
  });

  it('are built, tested side by side at the same port, and pushed by podman', async () => {
    const images = await ensureImages(['web', 'pricing'], options, context());
    expect(images['web']).toMatch(new RegExp(`^${options.registry}/web@sha256:[0-9a-f]{64}$`));
    expect(await imageTags(['web', 'pricing'], options, context())).toEqual(images);
  });

  it('have the same digests when the registry lost them, and another clone builds them later in another store', async () => {
    const images = ['base', 'web', 'pricing'];
    const make = ({ root, graph }: TestWorkspace) =>
      ensureImages(images, options, { ...context(), root, projectGraph: graph });
    const before = await make(workspace);
    for (const image of Object.values(before)) {
      const [, name, digest] = /^[^/]+\/(.*)@(.*)$/.exec(image) ?? [];
      const answer = await fetch(`http://localhost:5000/v2/${name}/manifests/${digest}`, {
        method: 'DELETE',
      });
      expect(answer.status).toBe(202);
    }
    const clone = new TestWorkspace();
    try {
      await writeServers(clone);
      // The compiler writes the folder into its program.
      cpSync(join(workspace.root, 'cache/program'), join(clone.root, 'cache/program'));
      await runner.run(['find', clone.root, '-exec', 'touch', '--date=@1000000', '{}', '+']);
      useStore('another');
      expect(await make(clone)).toEqual(before);
    } finally {
      useStore('store');
      clone.remove();
    }
  });

  it('are not pushed by podman when their container ends, and its last lines are shown', async () => {
    workspace.write('apps/web/note', 'broken\n');
    const { web, pricing } = await failures('web', 'pricing');
    expect(pricing).toBe('reused');
    expect(web).toContain('the note is broken');
    expect(await imageTags(['web'], options, context())).toEqual({ web: undefined });
    workspace.write('apps/web/note', 'web\n');
  });

  it('are refused by buildah when they need a container, and pushed when they do not', async () => {
    await expect(ensureImages(['web'], buildah, context())).rejects.toMatchObject({
      message: expect.stringContaining('the test of health in apps/web/service.json'),
      hint: expect.stringContaining('--engine podman'),
    });
    workspace.write('apps/web/image.json', { bases: { BASE: 'base' }, test: { health: false } });
    const images = await ensureImages(['web'], buildah, context());
    expect(await imageTags(['web'], buildah, context())).toEqual(images);
  });

  it('that would run as root are refused by buildah too', async () => {
    workspace.write('apps/web/Dockerfile', 'ARG BASE\nFROM ${BASE}\nCOPY note /note\n');
    await expect(ensureImages(['web'], buildah, context())).rejects.toMatchObject({
      message: expect.stringContaining('runs as root'),
    });
  });
});
