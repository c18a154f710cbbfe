import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseCertificates } from '../certificate-choice';
import { TestAuthority, type KeyPair } from '../testing-authority';
import { testLog } from '../testing-objects';
import { until } from '../testing-until';
import { folderCertificates } from './folder-certificates';

let authority: TestAuthority;
let pairs: KeyPair[];
let folder: string;
let stopping: AbortController;

beforeAll(async () => {
  authority = await TestAuthority.make();
  pairs = [await authority.issue(['one.example.com']), await authority.issue(['two.example.com'])];
});
afterAll(() => authority.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  stopping = new AbortController();
});
afterEach(() => {
  stopping.abort();
  rmSync(folder, { recursive: true, force: true });
});

const textOf = ({ certificate, key }: KeyPair) => `${certificate}${key}`;
const put = (name: string, text: string) => {
  writeFileSync(join(folder, 'new'), text);
  renameSync(join(folder, 'new'), join(folder, name));
};

/** A folder that is followed; longer than a test by events alone, unless it is told a shorter time. */
function followed(pollMs = 60_000) {
  const { log, lines } = testLog();
  let wakes = 0;
  const { secrets, listed } = folderCertificates(folder, pollMs).observe({
    onChange: () => wakes++,
    log,
    signal: stopping.signal,
  });
  return {
    listed,
    lines,
    wakes: () => wakes,
    names: () => secrets().map(({ name, known }) => (known ? name : `${name}?`)),
    hosts: () =>
      chooseCertificates(secrets(), [], new Date()).certificates.flatMap((certificate) => certificate.names),
  };
}

describe('certificates in a folder of the node', () => {
  it('are the files that end in .pem, by name, and no others', async () => {
    put('b.pem', textOf(pairs[0]!));
    put('a.pem', textOf(pairs[1]!));
    put('README', 'about them');
    put('.c.pem', textOf(pairs[0]!));
    mkdirSync(join(folder, 'd'));
    const { listed, names, hosts } = followed();
    await listed;
    expect(names()).toEqual(['a.pem', 'b.pem']);
    expect(hosts()).toEqual(['two.example.com', 'one.example.com']);
  });

  it('are followed: one that is replaced, comes or goes is told at once', async () => {
    put('a.pem', textOf(pairs[0]!));
    const { listed, hosts, names, wakes } = followed();
    await listed;
    expect(hosts()).toEqual(['one.example.com']);
    put('a.pem', textOf(pairs[1]!));
    await until(hosts, ([host]) => host === 'two.example.com');
    put('b.pem', textOf(pairs[0]!));
    await until(hosts, ({ length }) => length === 2);
    rmSync(join(folder, 'a.pem'));
    await until(names, ({ length }) => length === 1);
    expect(hosts()).toEqual(['one.example.com']);
    expect(wakes()).toBeGreaterThanOrEqual(4);
  });

  it('wake nobody while they are the same', async () => {
    put('a.pem', textOf(pairs[0]!));
    const { listed, hosts, wakes } = followed(5);
    await listed;
    put('README', 'about them');
    put('a.pem', textOf(pairs[0]!));
    put('a.pem', textOf(pairs[1]!));
    await until(hosts, ([host]) => host === 'two.example.com');
    // A first look, and one that was other.
    expect(wakes()).toBe(2);
  });

  it('stay when the folder has become empty or is gone, and the log says so once', async () => {
    put('a.pem', textOf(pairs[0]!));
    const { listed, hosts, lines } = followed(5);
    await listed;
    const warnings = (text: string) => lines.filter(({ message }) => message.includes(text)).length;
    rmSync(join(folder, 'a.pem'));
    await until(() => warnings('has become empty'));
    expect(hosts()).toEqual(['one.example.com']);
    rmSync(folder, { recursive: true });
    await until(() => warnings('cannot read the folder'));
    expect(hosts()).toEqual(['one.example.com']);
    mkdirSync(folder);
    put('b.pem', textOf(pairs[1]!));
    await until(hosts, ([host]) => host === 'two.example.com');
    expect(warnings('has become empty')).toBeGreaterThanOrEqual(1);
  });

  it('are not known while they cannot be read, and the log says why', async () => {
    put('large.pem', 'x'.repeat(2 ** 20 + 1));
    symlinkSync('/not/mounted.pem', join(folder, 'link.pem'));
    mkdirSync(join(folder, 'folder.pem'));
    put('one.pem', textOf(pairs[0]!));
    const { listed, names, hosts, lines } = followed(5);
    await listed;
    expect(names()).toEqual(['folder.pem?', 'large.pem?', 'link.pem?', 'one.pem']);
    expect(hosts()).toEqual(['one.example.com']);
    expect(lines.map((line) => (line as { message: string; problem?: string }).problem)).toEqual(
      expect.arrayContaining([
        'it is no file',
        'it has 1048577 bytes, more than 1048576',
        'it is a link to what is not in this folder',
      ]),
    );
    expect(lines.filter(({ message }) => message.includes('cannot be read'))).toHaveLength(3);
  });

  it('are refused with the reason when chain and key are not in one file', async () => {
    put('desk.pem', pairs[0]!.certificate);
    const { log } = testLog();
    const source = folderCertificates(folder).observe({
      onChange: () => undefined,
      log,
      signal: stopping.signal,
    });
    await source.listed;
    expect(chooseCertificates(source.secrets(), [], new Date())).toMatchObject({
      certificates: [],
      refused: [{ object: { name: 'desk.pem' }, message: expect.stringContaining('there is none in PEM') }],
    });
  });
});
