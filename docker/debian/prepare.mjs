/**
 * Writes rootfs.tar from packages.json, both in the folder it is run in. Needs root and mmdebstrap.
 *
 * The archive is DEBIAN_MIRROR where that is set, else the one of this machine's apt, else deb.debian.org; how it is
 * reached (proxies and the like) is taken from this machine's apt.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { chmodSync, lstatSync, mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import rootfs from './rootfs.cjs';

const folder = process.cwd();

function main() {
  const list = rootfs.parsePackageList(JSON.parse(readFileSync(join(folder, 'packages.json'), 'utf8')));
  const scratch = mkdtempSync(join(tmpdir(), 'berth-rootfs-'));
  const root = join(scratch, 'root');
  try {
    const options = rootfs.reachingOptions(output(['apt-config', 'dump']));
    run(
      rootfs.mmdebstrapArguments(list, {
        mirror: process.env.DEBIAN_MIRROR || hostsMirror() || rootfs.DEFAULT_MIRROR,
        options,
        target: root,
      }),
    );
    if (list.alone) unpackAlone(root, rootfs.downloadArguments(list.alone, { options, root }));
    recordPackages(root, list.without);
    bundleCertificates(root);
    trim(root);
    removePaths(root, list.remove ?? []);
    writeFileSync(join(root, 'etc/passwd'), rootfs.PASSWD);
    writeFileSync(join(root, 'etc/group'), rootfs.GROUP);
    writeFileSync(join(root, 'etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
    mkdirSync(join(root, 'tmp'));
    chmodSync(join(root, 'tmp'), 0o1777);
    pack(root, list.date, join(folder, 'rootfs.tar'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function hostsMirror() {
  const format = '$(LABEL) $(REPO_URI)';
  return rootfs.mirrorOfHost(output(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']));
}

/** Puts the packages that come without others beside those that mmdebstrap has unpacked. */
function unpackAlone(root, argv) {
  const archives = join(root, 'var/cache/apt/archives');
  const before = new Set(readdirSync(archives));
  run(argv, { cwd: archives });
  for (const file of readdirSync(archives).filter((name) => !before.has(name)))
    run(['dpkg-deb', '--extract', join(archives, file), root]);
}

/**
 * Leaves the control file of every package in var/lib/dpkg/status.d, where image scanners look for the versions of
 * images without a package manager, and takes out the files of the packages that are not wanted.
 */
function recordPackages(root, without) {
  const archives = join(root, 'var/cache/apt/archives');
  const records = join(root, 'usr/share/berth/packages');
  mkdirSync(records, { recursive: true });
  const left = new Set(without);
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    const archive = join(archives, file);
    const name = output(['dpkg-deb', '--field', archive, 'Package']).trim();
    if (left.delete(name)) removeFiles(root, archive);
    else writeFileSync(join(records, name), output(['dpkg-deb', '--field', archive]));
  }
  if (left.size > 0) {
    throw new Error(
      `packages.json at without: ${[...left].join(', ')} would not have been installed anyway; remove it`,
    );
  }
}

function removeFiles(root, archive) {
  const listing = spawnSync('dpkg-deb', ['--fsys-tarfile', archive], { maxBuffer: 1 << 30 });
  const paths = output(['tar', '-tf', '-'], listing.stdout).split('\n').filter(Boolean).reverse();
  for (const path of paths) {
    const file = join(root, path);
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (!stat) continue;
    if (!stat.isDirectory()) unlinkSync(file);
    else if (readdirSync(file).length === 0) rmdirSync(file);
  }
}

/** What update-ca-certificates would have made: programs read this one file. */
function bundleCertificates(root) {
  const authorities = join(root, 'usr/share/ca-certificates/mozilla');
  if (!existsSync(authorities)) return;
  const names = readdirSync(authorities)
    .filter((name) => name.endsWith('.crt'))
    .sort();
  const bundle = names.map((name) => readFileSync(join(authorities, name), 'utf8').trimEnd() + '\n').join('');
  mkdirSync(join(root, 'etc/ssl/certs'), { recursive: true });
  writeFileSync(join(root, 'etc/ssl/certs/ca-certificates.crt'), bundle);
  rmSync(join(root, 'usr/share/ca-certificates'), { recursive: true });
}

function trim(root) {
  const doc = join(root, 'usr/share/doc');
  const licences = existsSync(doc)
    ? readdirSync(doc)
        .map((name) => [name, join(doc, name, rootfs.KEPT_IN_DOC)])
        .filter(([, file]) => lstatSync(file, { throwIfNoEntry: false })?.isFile())
        .map(([name, file]) => [name, readFileSync(file)])
    : [];
  for (const path of rootfs.TRIMMED) rmSync(join(root, path), { recursive: true, force: true });
  for (const [name, text] of licences) {
    mkdirSync(join(doc, name), { recursive: true });
    writeFileSync(join(doc, name, rootfs.KEPT_IN_DOC), text);
  }
  const records = join(root, 'usr/share/berth/packages');
  const scanned = join(root, 'var/lib/dpkg/status.d');
  mkdirSync(dirname(scanned), { recursive: true });
  renameSync(records, scanned);
  rmdirSync(dirname(records));
}

function removePaths(root, paths) {
  for (const path of paths) {
    if (!existsSync(join(root, path))) {
      throw new Error(`packages.json at remove: ${path} is not there anyway; remove it from the list`);
    }
    rmSync(join(root, path), { recursive: true });
  }
}

/** The same packages give the same bytes: sorted, one date, numeric owners. */
function pack(root, date, target) {
  const unfinished = `${target}.part`;
  run([
    'tar', '--create', `--file=${unfinished}`, `--directory=${root}`, '--sort=name', `--mtime=${date}T00:00:00Z`,
    '--numeric-owner', '--format=gnu', '--exclude=./dev/*', '.',
  ]); // prettier-ignore
  renameSync(unfinished, target);
}

function output([program, ...args], input) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error || status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

function run([program, ...args], options = {}) {
  const { status, error } = spawnSync(program, args, { ...options, stdio: 'inherit' });
  if (error?.code === 'ENOENT')
    throw new Error(`${program} is not installed; as root: apt-get install ${program}`);
  if (error || status !== 0) throw new Error(`${program} ended with ${error?.message ?? status}`);
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
