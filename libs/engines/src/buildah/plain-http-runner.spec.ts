import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordingRunner, type RunOptions } from '@berth/exec';
import { PlainHttpRunner, withPlainHttp } from './plain-http-runner';

describe('podman and buildah with a registry of this machine', () => {
  let seen: string | undefined;
  const recording = new RecordingRunner().when(
    () => true,
    (_argv, options: RunOptions) => {
      const file = options.env?.['CONTAINERS_REGISTRIES_CONF'];
      seen = file === undefined ? undefined : readFileSync(file, 'utf8');
      return {};
    },
  );
  const runWith = async (allowed: string[], ...argv: string[]) => {
    await new PlainHttpRunner(recording, { HOME: '/nowhere' }, allowed).run(argv);
    return seen?.match(/location = "(.*)"\ninsecure = true/g) ?? [];
  };
  const run = (...argv: string[]) => runWith([], ...argv);

  it.each([
    [['podman', 'push', 'localhost:5000/a:1']],
    [['podman', 'build', '--build-arg', 'BASE=localhost:5000/a@sha256:0', '.']],
    [['buildah', 'manifest', 'push', 'a', 'docker://localhost:5000/a']],
  ])('speak plain http to it: %j', async (argv) => {
    expect(await run(...argv)).toEqual(['location = "localhost:5000"\ninsecure = true']);
  });

  it('speak plain http to no other', async () => {
    expect(await run('podman', 'push', 'registry.example.com/localhost/a:1')).toEqual([]);
    expect(seen).toBeUndefined();
  });

  it('speak plain http to one that is allowed, whatever names it: a Dockerfile may', async () => {
    expect(await runWith(['10.0.0.5:5000'], 'podman', 'build', '.')).toEqual([
      'location = "10.0.0.5:5000"\ninsecure = true',
    ]);
  });

  it('keep what the person has written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'registries-'));
    try {
      const file = join(folder, 'registries.conf');
      writeFileSync(file, 'short-name-mode = "enforcing"\n');
      const runner = new PlainHttpRunner(recording, { CONTAINERS_REGISTRIES_CONF: file });
      await runner.run(['podman', 'push', 'localhost:5000/a:1']);
      expect(seen).toMatch(/^short-name-mode = "enforcing"\n\n\[\[registry\]\]\nlocation = "localhost:5000"/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const written = '[[registry]]\nlocation = "localhost:5000"\ninsecure = false\n';
    expect(withPlainHttp(written, ['localhost:5000'])).toBe(written);
  });
});
