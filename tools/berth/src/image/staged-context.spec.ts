import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { InputFiles } from './input-files';
import { failed, planImages } from './plan';
import { stageContext } from './staged-context';
import { TestWorkspace } from './stand-ins';

const digest = `sha256:${'1'.repeat(64)}`;

describe('stageContext', () => {
  const made: TestWorkspace[] = [];
  afterAll(() => made.forEach((workspace) => workspace.remove()));

  const workspace = () => {
    const fresh = new TestWorkspace();
    made.push(fresh);
    fresh.write('.gitignore', 'dist/\n');
    fresh.image('node');
    fresh.service('web', 'node', { target: 'build' });
    fresh.write('apps/web/bin/start', 'exec true\n', 0o755);
    fresh.write('apps/web/dist/deep/main.js', 'built');
    fresh.write('apps/web/README.md', 'never in an image');
    symlinkSync('main.ts', join(fresh.root, 'apps/web/src/link.ts'));
    return fresh;
  };

  /** What an engine would read of the context: by path, kind, rights, date and content. */
  async function staged(of: TestWorkspace): Promise<Record<string, string>> {
    const inputs = new InputFiles(of.root, of.runner);
    const plan = (await planImages(['web'], of.workspace, inputs)).get('web');
    if (plan === undefined || failed(plan)) throw plan?.failure ?? new Error('no plan');
    const folder = join(of.root, '.berth/context');
    await stageContext(plan, folder, of.root, inputs, of.runner);
    return Object.fromEntries(
      ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()].map((path) => {
        const at = join(folder, path);
        const stat = lstatSync(at);
        const content = stat.isSymbolicLink()
          ? readlinkSync(at)
          : stat.isFile()
            ? readFileSync(at, 'utf8')
            : '';
        // The rights of a link are nobody's.
        const rights = stat.isSymbolicLink() ? 'link' : (stat.mode & 0o7777).toString(8);
        return [path, `${rights} ${stat.mtime.toISOString()} ${content}`];
      }),
    );
  }

  it('is the same with another umask, other rights and other dates', async () => {
    const one = workspace();
    const mask = process.umask(0o077);
    try {
      const other = workspace();
      chmodSync(join(other.root, 'apps/web/bin/start'), 0o700);
      utimesSync(join(other.root, 'apps/web/dist/deep/main.js'), 1, 1);
      const context = await staged(other);
      process.umask(0o002);
      expect(await staged(one)).toEqual(context);
      expect(context).toEqual({
        '.': '755 1980-01-01T00:00:00.000Z ',
        Dockerfile: '644 1980-01-01T00:00:00.000Z ARG BASE\nFROM ${BASE}\n',
        bin: '755 1980-01-01T00:00:00.000Z ',
        'bin/start': '755 1980-01-01T00:00:00.000Z exec true\n',
        dist: '755 1980-01-01T00:00:00.000Z ',
        'dist/deep': '755 1980-01-01T00:00:00.000Z ',
        'dist/deep/main.js': '644 1980-01-01T00:00:00.000Z built',
        src: '755 1980-01-01T00:00:00.000Z ',
        'src/link.ts': 'link 1980-01-01T00:00:00.000Z main.ts',
        'src/main.ts': "644 1980-01-01T00:00:00.000Z console.log('web');\n",
      });
    } finally {
      process.umask(mask);
    }
  });

  it('has the digests of the images from outside in its Dockerfile, and leaves the one in the workspace alone', async () => {
    const one = workspace();
    one.write('apps/web/Dockerfile', 'ARG BASE\nFROM debian:13 AS tools\nFROM ${BASE}\n');
    one.write('docker/base-images.lock.json', { 'debian:13': digest });
    expect((await staged(one))['Dockerfile']).toBe(
      `644 1980-01-01T00:00:00.000Z ARG BASE\nFROM debian@${digest} AS tools\nFROM \${BASE}\n`,
    );
    expect(readFileSync(join(one.root, 'apps/web/Dockerfile'), 'utf8')).toContain('FROM debian:13');
  });

  it('replaces a Dockerfile that is a link, not what it leads to', async () => {
    const one = workspace();
    one.write('apps/web/Dockerfile.shared', 'FROM debian:13\n');
    one.write('docker/base-images.lock.json', { 'debian:13': digest });
    rmSync(join(one.root, 'apps/web/Dockerfile'));
    symlinkSync('Dockerfile.shared', join(one.root, 'apps/web/Dockerfile'));
    const context = await staged(one);
    expect(context['Dockerfile']).toContain(`644 1980-01-01T00:00:00.000Z FROM debian@${digest}`);
    expect(context['Dockerfile.shared']).toContain('FROM debian:13');
  });
});
