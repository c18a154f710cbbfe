import type { Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { RegistryStandIn } from '../../image/stand-ins';
import { writeBaseImages, type BaseImagesSchema } from './generator';

const lockFile = 'docker/base-images.lock.json';

describe('nx g base-images', () => {
  let tree: Tree;
  let registry: RegistryStandIn;
  let printed: string[];

  const run = (options: BaseImagesSchema = {}) => {
    printed = [];
    return writeBaseImages(tree, options, registry, (...words: string[]) => printed.push(...words));
  };
  const lock = () => JSON.parse(tree.read(lockFile, 'utf8') ?? 'null') as unknown;
  const image = (root: string, dockerfile: string, marker = 'image.json', content: object = {}) => {
    tree.write(`${root}/Dockerfile`, dockerfile);
    tree.write(`${root}/${marker}`, JSON.stringify(content));
  };

  beforeEach(() => {
    tree = createTreeWithEmptyWorkspace();
    tree.write('nx.json', JSON.stringify({ plugins: ['@berth/nx'] }));
    registry = new RegistryStandIn();
    image('docker/tools', 'FROM debian:13\nCOPY --from=busybox:1 /bin /bin\n');
    image('apps/web', 'ARG BASE=debian:13\nFROM ${BASE}\n', 'service.json', { ports: [] });
    image('docker/own', 'ARG BASE\nFROM ${BASE}\n', 'image.json', { bases: { BASE: 'tools' } });
    image('apps/redis', 'FROM nothing:1\n', 'service.json', { image: 'redis:8' });
    tree.write('docs/example/Dockerfile', 'FROM nobody:1\n');
  });

  it('writes the digest of every image from outside that a Dockerfile names, sorted, each asked for once', async () => {
    const [debian, busybox] = [registry.put('debian:13'), registry.put('busybox:1')];
    await run();
    expect(tree.read(lockFile, 'utf8')).toBe(
      `${JSON.stringify({ 'busybox:1': busybox, 'debian:13': debian }, null, 2)}\n`,
    );
    expect(registry.asked.sort()).toEqual(['busybox:1', 'debian:13']);
    expect(printed).toEqual([`+ busybox:1  ${busybox}`, `+ debian:13  ${debian}`]);
  });

  it('says what has moved and what nobody names any more, and when nothing has', async () => {
    const [old, busybox] = [registry.put('debian:13'), registry.put('busybox:1')];
    await run();
    await run();
    expect(printed).toEqual([`${lockFile} is current: 2 images from outside.`]);
    const now = registry.put('debian:13');
    image('docker/tools', 'FROM debian:13\n');
    await run();
    expect(printed).toEqual(['- busybox:1: no Dockerfile names it any more', `~ debian:13  ${old} → ${now}`]);
    expect(lock()).toEqual({ 'debian:13': now });
    expect(old).not.toBe(busybox);
  });

  it('with --missing leaves those that it has as they are', async () => {
    const [debian] = [registry.put('debian:13'), registry.put('busybox:1')];
    image('docker/tools', 'FROM debian:13\n');
    await run();
    registry.put('debian:13');
    image('docker/tools', 'FROM debian:13\nCOPY --from=busybox:1 /bin /bin\n');
    await run({ missing: true });
    expect(lock()).toMatchObject({ 'debian:13': debian });
    expect(printed).toEqual([expect.stringMatching(/^\+ busybox:1 /)]);
  });

  it('takes the file away with the last image from outside', async () => {
    registry.put('debian:13');
    registry.put('busybox:1');
    await run();
    for (const root of ['docker/tools', 'apps/web']) tree.write(`${root}/Dockerfile`, 'FROM scratch\n');
    await run();
    expect(tree.exists(lockFile)).toBe(false);
    await run();
    expect(printed).toEqual(['No Dockerfile of the workspace names an image from outside.']);
  });

  it('names every problem with its place, and writes nothing', async () => {
    registry.put('busybox:1');
    image('docker/blank', 'FROM ${BASE}\n');
    await expect(run()).rejects.toMatchObject({
      message: expect.stringMatching(
        /docker\/blank\/Dockerfile:1: FROM \$\{BASE\}: BASE has no value\.\n.*(docker\/tools|apps\/web)\/Dockerfile:\d: there is no image debian:13/s,
      ),
      hint: expect.stringContaining('docker login'),
    });
    expect(tree.exists(lockFile)).toBe(false);
  });
});
