import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import type { BerthOptions } from '../options';
import { ensureImages, imageTags, makeAndReport } from './index';
import { TestWorkspace } from './stand-ins';

jest.setTimeout(120_000);

/** Answers 200 for /healthz at 8080, unless it is told not to; refuses to start where it could write, or as root. */
const server = `package main
import ("log"; "net/http"; "os")
func main() {
	if _, err := os.Create("/forbidden"); err == nil { log.Fatal("the root file system is writable") }
	if os.Getuid() == 0 { log.Fatal("runs as root") }
	if text, _ := os.ReadFile("/note"); string(text) == "broken\\n" { log.Fatal("the note is broken") }
	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ok")) })
	log.Fatal(http.ListenAndServe(":8080", nil))
}
`;

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

  beforeAll(async () => {
    // The machine's own images are left alone.
    const storage = join(folder, 'storage.conf');
    writeFileSync(
      storage,
      `[storage]\ndriver = "overlay"\ngraphroot = "${folder}/root"\nrunroot = "${folder}/run"\n`,
    );
    process.env['CONTAINERS_STORAGE_CONF'] = storage;
    workspace = new TestWorkspace();
    workspace.write('package.json', { devDependencies: { jest: '1' } });
    workspace.write('.gitignore', '.berth/\nprogram\n');
    workspace.write('cache/main.go', server);
    await runner.run(['go', 'build', '-o', 'program', 'main.go'], {
      cwd: join(workspace.root, 'cache'),
      env: { CGO_ENABLED: '0' },
    });
    workspace.image('base', { prepare: ['cp', '../../cache/program', '{project}/program'] });
    workspace.write('docker/base/Dockerfile', 'FROM scratch\nCOPY program /program\n');
    for (const name of ['web', 'pricing']) {
      workspace.service(name, 'base');
      workspace.write(
        `apps/${name}/Dockerfile`,
        'ARG BASE\nFROM ${BASE}\nCOPY note /note\nUSER 1000\nENTRYPOINT ["/program"]\n',
      );
      workspace.write(`apps/${name}/service.json`, {
        ports: [{ name: 'http', port: 8080 }],
        health: { path: '/healthz', startSeconds: 20 },
      });
      workspace.write(`apps/${name}/note`, `${name}\n`);
    }
  });
  beforeEach(() => jest.spyOn(console, 'log').mockImplementation(() => undefined));
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    await runner.run(['umount', join(folder, 'root/overlay')], { expect: [0, 1, 32] });
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
