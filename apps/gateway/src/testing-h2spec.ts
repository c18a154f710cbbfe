/* Only tests use this: h2spec, which asks a server for each rule of HTTP/2 (RFC 7540) and HPACK (RFC 7541). */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goProgram, ProcessRunner } from '@berth/exec';

export interface Http2Report {
  cases: number;
  /** `http2/5.1: closed: Sends a DATA frame`, sorted. */
  failed: string[];
}

/** All of its cases. They are asked side by side: for each that fails it waits two seconds. */
const SECTIONS = [
  ['generic', 'hpack'],
  ['http2/3', 'http2/4', 'http2/6', 'http2/7'],
  ['http2/5', 'http2/8.2'],
  ['http2/8.1/1', 'http2/8.1.2/1', 'http2/8.1.2.1'],
  ['http2/8.1.2.2', 'http2/8.1.2.6'],
  ['http2/8.1.2.3'],
];

/**
 * Asks a server on 127.0.0.1, in the clear or with TLS, whose certificate may be any.
 * @param known failures that are expected. Where there is another one it asks once more, and only what fails both times
 *   has failed: two seconds are little on a busy machine
 */
export async function h2spec(
  port: number,
  known: readonly string[],
  { tls = false } = {},
): Promise<Http2Report> {
  const program = await goProgram({
    name: 'h2spec',
    version: 'v2.2.1',
    module: join(__dirname, 'modules/h2spec'),
    source: 'github.com/summerwind/h2spec/cmd/h2spec',
  });
  const folder = mkdtempSync(join(tmpdir(), 'h2spec-'));
  const ask = async (sections: string[], index: number): Promise<Http2Report> => {
    const file = join(folder, `report-${index}.xml`);
    const options = ['--host', '127.0.0.1', '--port', String(port), '--junit-report', file];
    const argv = [program, ...options, ...(tls ? ['--tls', '--insecure'] : []), ...sections];
    // It exits with 1 when a case has failed.
    await new ProcessRunner().run(argv, { expect: [0, 1], timeoutMs: 60_000 });
    return reportIn(readFileSync(file, 'utf8'));
  };
  const askAgain = async (sections: string[], index: number): Promise<Http2Report> => {
    const first = await ask(sections, index);
    if (first.failed.every((name) => known.includes(name))) return first;
    const { cases, failed } = await ask(sections, index);
    return { cases, failed: failed.filter((name) => first.failed.includes(name)) };
  };
  try {
    const reports = await Promise.all(SECTIONS.map(askAgain));
    return {
      cases: reports.reduce((sum, { cases }) => sum + cases, 0),
      failed: reports.flatMap(({ failed }) => failed).sort(),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function reportIn(xml: string): Http2Report {
  const cases = [...xml.matchAll(/<testcase package="([^"]*)" classname="([^"]*)"[^>]*>(.*?)<\/testcase>/gs)];
  const failed = cases
    .filter(([, , , result]) => /<(failure|error)>/.test(result!))
    .map(([, section, what]) => `${section}: ${unescaped(what!)}`);
  return { cases: cases.length, failed };
}

function unescaped(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&amp;', '&');
}
