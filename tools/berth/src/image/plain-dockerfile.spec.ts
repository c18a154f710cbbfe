import fc from 'fast-check';
import { UserError } from '@berth/model';
import { parsedOutsideImages } from './parsed-dockerfile';
import { plainOutsideImages } from './plain-dockerfile';

function input(text: string, bases: Record<string, string> = {}) {
  const image = { args: {}, bases };
  return { text, file: 'apps/web/Dockerfile', image, platforms: ['linux/amd64'] };
}

/** The parser's answer, or that it refuses the file. */
function parsed(of: ReturnType<typeof input>) {
  try {
    return parsedOutsideImages(of);
  } catch (error) {
    if (error instanceof UserError) return 'refused';
    throw error;
  }
}

const word = fc.constantFrom(
  'debian:13',
  'localhost:5000/a/b:1',
  'scratch',
  'build',
  'Build',
  'a@sha256:1',
  '0',
);
const line = fc.oneof(
  fc
    .tuple(fc.constantFrom('', ' ', '\t'), fc.constantFrom('FROM', 'from', 'FROMAGE'), word)
    .map(([a, b, c]) => `${a}${b} ${c}`),
  word.map((name) => `FROM ${name} AS ${name === 'scratch' ? 'build' : 'tools'}`),
  fc.constantFrom(
    'FROM $BASE',
    'FROM ${BASE} as build',
    'FROM ${OTHER}',
    'FROM ${BASE}:1',
    'FROM --platform=linux/amd64 debian:13',
  ),
  fc.constantFrom('ARG BASE', 'ARG BASE=redis:8', 'arg OTHER=debian:12', 'ARG BASE OTHER', 'ARG "BASE"'),
  word.map((name) => `COPY --from=${name} /a /a`),
  fc.constantFrom('COPY --from=build --chown=1:1 /a /a', 'COPY --chown=1:1 --from=busybox /a /a', 'COPY . .'),
  fc.constantFrom('RUN a \\', 'RUN a \\ ', 'RUN b', '  && c', '', '# FROM debian:13', '# a \\', '\u00a0'),
  fc.constantFrom(
    'RUN --mount=type=bind,from=alpine:3,target=/m true',
    'RUN x --from=y',
    'FROM',
    'FROM \\',
    'ONBUILD COPY --from=x /a /a',
  ),
  fc.constantFrom('RUN <<EOF', 'EOF', '# escape=`', '#escape=\\', 'CMD ["a"]', 'LABEL a="FROM debian"'),
);
const dockerfile = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n', '\r'))
  .map(([lines, end]) => lines.join(end));

describe('plainOutsideImages', () => {
  it('says what the parser says, or leaves the file to it', () => {
    fc.assert(
      fc.property(
        dockerfile,
        fc.constantFrom<Record<string, string>>({}, { BASE: 'node' }),
        (text, bases) => {
          const plain = plainOutsideImages(input(text, bases));
          if (plain !== undefined) expect(plain).toEqual(parsed(input(text, bases)));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('reads what most Dockerfiles are', () => {
    const text = [
      'ARG NODE',
      'FROM golang:1.25 AS build',
      'RUN go build \\',
      '  # all of it',
      '  ./...',
      'FROM ${NODE}',
      'COPY --from=build --chown=1000 /a /a',
      'USER 1000',
    ].join('\n');
    expect(plainOutsideImages(input(text, { NODE: 'node' }))).toEqual([
      { reference: 'golang:1.25', line: 2, from: 14, to: 25 },
    ]);
  });
});
