import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RecordingRunner } from '@berth/exec';
import { unasked } from '../testing-registry';
import { DockerEngine } from './docker-engine';

const request = {
  reference: 'localhost:5000/berth/web:1',
  context: '/w/apps/web',
  dockerfile: '/w/apps/web/Dockerfile',
  args: { A: '1' },
  platforms: [],
  labels: { l: 'v' },
};
const digestOf = (digit: string) => `sha256:${digit.repeat(64)}`;

describe('docker with a BuildKit of its own', () => {
  let runner: RecordingRunner;
  let engine: DockerEngine;
  let layouts: string[];
  const builds = () => runner.lines.filter((line) => line.startsWith('docker buildx build '));

  beforeEach(() => {
    layouts = [];
    runner = new RecordingRunner()
      .when(['docker', 'buildx', 'inspect'], { stdout: 'Name: own\nDriver: docker-container\n' })
      .when(['docker', 'version'], { stdout: 'linux/amd64\n' })
      .when(['docker', 'buildx', 'build'], (argv) => {
        const folder = /dest=([^,]*)/.exec(argv.find((word) => word.startsWith('type=oci')) ?? '')?.[1];
        if (folder !== undefined) {
          layouts.push(folder);
          write(folder);
        }
        return {};
      });
    engine = new DockerEngine(runner);
  });

  afterEach(() => layouts.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  /** As BuildKit writes an image: of a configuration of 10 bytes, and layers of 100 and 1000. */
  const write = (folder: string) => {
    const blobs = join(folder, 'blobs/sha256');
    mkdirSync(blobs, { recursive: true });
    const top = { digest: digestOf('f'), size: 1 };
    writeFileSync(join(folder, 'index.json'), JSON.stringify({ manifests: [top] }));
    writeFileSync(join(blobs, 'f'.repeat(64)), JSON.stringify({ manifests: [{ digest: digestOf('e') }] }));
    const layers = [
      { digest: digestOf('2'), size: 100 },
      { digest: digestOf('3'), size: 1000 },
    ];
    const manifest = { config: { digest: digestOf('1'), size: 10 }, layers };
    writeFileSync(join(blobs, 'e'.repeat(64)), JSON.stringify(manifest));
  };

  it('builds into a folder and into dockerd, with one date for all files and no attestation', async () => {
    await engine.build(request);
    expect(builds()).toEqual([
      'docker buildx build --tag localhost:5000/berth/web:1 --file /w/apps/web/Dockerfile --build-arg A=1 ' +
        '--label l=v --build-arg SOURCE_DATE_EPOCH=315532800 --progress plain ' +
        `--output type=oci,tar=false,dest=${layouts[0]},rewrite-timestamp=true ` +
        '--output type=docker,rewrite-timestamp=true /w/apps/web',
    ]);
    expect(runner.runs.at(-1)?.env).toEqual({ BUILDX_NO_DEFAULT_ATTESTATIONS: '1', BUILDX_GIT_INFO: '0' });
  });

  it('gives dockerd its own platform of several, and none of another', async () => {
    await engine.build({ ...request, platforms: ['linux/arm64', 'linux/amd64'] });
    expect(builds()[0]).toContain('--platform linux/arm64,linux/amd64');
    expect(builds()[0]).not.toContain('type=docker');
    expect(builds()[1]).toContain('--platform linux/amd64 --output type=docker,rewrite-timestamp=true ');
    await engine.build({ ...request, platforms: ['linux/arm64'] });
    expect(builds()).toHaveLength(3);
    expect(builds()[2]).not.toContain('type=docker');
  });

  it('builds on an image that is in no registry by its folder', async () => {
    await engine.build(request);
    await engine.build({ ...request, reference: 'r/page:1', args: { BASE: request.reference } });
    expect(builds()[1]).toContain(`--build-context localhost:5000/berth/web:1=oci-layout://${layouts[0]} `);
  });

  it('pushes the folder, says how much of it the registry lacked, and removes it', async () => {
    await engine.build(request);
    const hasBlob = async (_reference: string, digest: string) => digest === digestOf('3');
    expect(await engine.push(request.reference, { registry: { ...unasked, hasBlob } })).toEqual({
      digest: digestOf('f'),
      bytes: 110,
    });
    expect(runner.lines.at(-1)).toBe(
      'docker buildx imagetools create --prefer-index=false --progress plain --tag localhost:5000/berth/web:1 ' +
        `oci-layout://${layouts[0]}@${digestOf('f')}`,
    );
    expect(existsSync(layouts[0] ?? '')).toBe(false);
  });

  it('pushes all the same when the registry does not say what it has', async () => {
    await engine.build(request);
    const hasBlob = () => Promise.reject(new Error('gone'));
    expect(await engine.push(request.reference, { registry: { ...unasked, hasBlob } })).toEqual({
      digest: digestOf('f'),
    });
  });

  it('leaves no folder of a build that failed', async () => {
    runner.when(['docker', 'buildx', 'build'], (argv) => {
      layouts.push(/dest=([^,]*)/.exec(argv.join(' '))?.[1] ?? '');
      return { exitCode: 1 };
    });
    await expect(engine.build(request)).rejects.toThrow();
    expect(layouts.map((folder) => existsSync(folder))).toEqual([false]);
  });
});
