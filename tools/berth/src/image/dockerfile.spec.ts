import { outsideImages, withDigests } from './dockerfile';
import type { ImageFile } from './image-file';

const digest = `sha256:${'1'.repeat(64)}`;

function input(text: string, image: Partial<ImageFile> = {}, platforms = ['linux/amd64']) {
  return { text, file: 'apps/web/Dockerfile', image: { args: {}, bases: {}, ...image }, platforms };
}
const outside = async (...args: Parameters<typeof input>) =>
  (await outsideImages(input(...args))).map(({ reference, line }) => `${line} ${reference}`);

describe('outsideImages', () => {
  it('finds what FROM names, and neither scratch nor a stage', async () => {
    const text = [
      '# escape=\\',
      'FROM debian:13 AS build',
      'FROM --platform=$BUILDPLATFORM registry.example.com:5000/a/b AS tools',
      'FROM scratch AS empty',
      'from Build as again',
      'FROM \\',
      '  redis:8',
    ].join('\n');
    expect(await outside(text)).toEqual(['2 debian:13', '3 registry.example.com:5000/a/b', '7 redis:8']);
  });

  it('finds what COPY and RUN take files from, and neither a stage nor its number', async () => {
    const text = [
      'FROM scratch AS build',
      'COPY --from=build /a /a',
      'COPY --from=0 /a /a',
      'COPY --chown=1:1 --from=busybox:1 /bin /bin',
      'RUN --mount=type=bind,from=alpine:3,target=/m --mount=type=cache,target=/c true',
      'RUN --mount=type=bind,from=build,target=/m echo --from=x',
    ].join('\n');
    expect(await outside(text)).toEqual(['4 busybox:1', '5 alpine:3']);
  });

  it('fills in the ARGs before the first FROM, and those of image.json before their defaults', async () => {
    const text = [
      'ARG VERSION=12',
      'ARG IMAGE="debian:${VERSION}"',
      'ARG NODE',
      'ARG TOOLS=tools:1',
      'FROM $IMAGE',
      'ARG VERSION=11',
      'FROM ${IMAGE:-other}',
      'FROM ${NODE}',
      'FROM ${TOOLS}',
      'FROM ${UNSET:-python}:${VERSION}${VERSION:+-slim}',
    ].join('\n');
    expect(await outside(text, { args: { VERSION: '13' }, bases: { NODE: 'node', TOOLS: 'tools' } })).toEqual(
      ['5 debian:13', '7 debian:13', '10 python:13-slim'],
    );
  });

  it('leaves alone what stands there by digest', async () => {
    expect(await outside(`FROM debian:13@${digest}\nCOPY --from=busybox@${digest} /a /a\n`)).toEqual([]);
  });

  it('lets the platform choose a stage', async () => {
    const text =
      'FROM debian:13 AS base-amd64\nFROM arm64v8/debian:13 AS base-arm64\nFROM base-${TARGETARCH}\n';
    expect(await outside(text, {}, ['linux/amd64', 'linux/arm64'])).toEqual([
      '1 debian:13',
      '2 arm64v8/debian:13',
    ]);
  });

  it('refuses an image that is another one on each platform', async () => {
    await expect(outside('FROM debian:${TARGETARCH}\n', {}, ['linux/amd64', 'linux/arm64'])).rejects.toThrow(
      'apps/web/Dockerfile:1: FROM is another image on each platform: debian:amd64, debian:arm64.',
    );
  });

  it('says which ARG has no value', async () => {
    await expect(outside('ARG BASE\nARG TAG=1\nFROM ${BASE}:${TAG}\n')).rejects.toThrow(
      'apps/web/Dockerfile:3: FROM ${BASE}:${TAG}: BASE has no value.',
    );
    // The ARGs of a stage are not known to FROM.
    await expect(outside('FROM scratch\nARG BASE=debian\nFROM ${BASE}\n')).rejects.toThrow(
      'BASE has no value',
    );
  });

  it('finds nothing in a text that is no Dockerfile', async () => {
    for (const text of ['', 'FROM', '# nothing\n', 'FROM \\']) expect(await outside(text)).toEqual([]);
  });
});

describe('withDigests', () => {
  it('puts digests in the place of tags, and changes nothing else', async () => {
    const text = [
      '# syntax=docker/dockerfile:1',
      'ARG VERSION=13',
      'FROM --platform=linux/amd64 localhost:5000/debian:${VERSION} AS base # no comment here',
      'RUN <<EOF',
      'echo FROM debian:13',
      'EOF',
      'COPY --from=busybox --chown=1 /a /a',
      'FROM base',
      '',
    ].join('\r\n');
    const digests = { 'localhost:5000/debian:13': digest, busybox: digest.replaceAll('1', '2') };
    expect(await withDigests(input(text), digests)).toBe(
      text
        .replace('localhost:5000/debian:${VERSION}', `localhost:5000/debian@${digest}`)
        .replace('--from=busybox', `--from=busybox@${digest.replaceAll('1', '2')}`),
    );
  });
});
