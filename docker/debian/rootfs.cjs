/**
 * What a Debian root consists of; pure. `prepare.mjs` beside it is the part that touches the world.
 *
 * @typedef {object} PackageList
 * @property {string} suite      Debian's name of the release, for example `trixie`.
 * @property {string} date       `YYYY-MM-DD`. Changing it is the security update: it is an input of the image,
 *                               so everything that stands on it is built again with the archive's versions of that day.
 * @property {string[]} packages Packages by name; what they depend on comes along.
 * @property {string[]} [alone]  Packages without what they depend on: headers of a program whose own builds need much more.
 * @property {string[]} without  Packages left out although something depends on them: configuration tools that
 *                               only run while a package is installed, and libraries that nothing here loads.
 * @property {string[]} [remove] Paths, relative to the root, left out of the packages that stay.
 */

const DEFAULT_MIRROR = 'http://deb.debian.org/debian';

/** Documentation and data of build and installation tools, which no program reads at run time. */
const TRIMMED = [
  // What mmdebstrap leaves of the machine that it runs on: its name, its resolver, how its apt reaches the archive.
  'etc/hostname',
  'etc/resolv.conf',
  'tmp',
  'usr/share/doc',
  'usr/share/doc-base',
  'usr/share/man',
  'usr/share/info',
  'usr/share/locale',
  'usr/share/lintian',
  'usr/share/bug',
  'usr/share/menu',
  'usr/share/common-licenses',
  'usr/share/bash-completion',
  'usr/share/perl5',
  'usr/lib/x86_64-linux-gnu/gconv',
  'usr/lib/aarch64-linux-gnu/gconv',
  'usr/lib/x86_64-linux-gnu/audit',
  'usr/lib/aarch64-linux-gnu/audit',
  'var/cache/apt',
  'var/lib/apt',
  'var/lib/dpkg',
  'etc/apt',
];

/** Copyright files stay: the licences ask for them. */
const KEPT_IN_DOC = 'copyright';

/**
 * Checks a packages.json.
 * @param {unknown} value
 * @returns {PackageList}
 * @throws Error that names the field, and what was expected.
 */
function parsePackageList(value) {
  const list = /** @type {Record<string, unknown>} */ (value);
  if (typeof list !== 'object' || list === null) throw new Error('packages.json: expected an object');
  if (!/^[a-z]+$/.test(String(list.suite))) {
    throw new Error(`packages.json at suite: expected a release's name such as trixie, not ${list.suite}`);
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(String(list.date)) || Number.isNaN(Date.parse(String(list.date)))) {
    throw new Error(`packages.json at date: expected a date such as 2026-11-24, not ${list.date}`);
  }
  for (const field of ['packages', 'alone', 'without']) {
    const names = field === 'alone' ? (list.alone ?? []) : list[field];
    if (!Array.isArray(names)) throw new Error(`packages.json at ${field}: expected a list of package names`);
    names.forEach((name, index) => {
      if (!/^[a-z0-9][a-z0-9+.-]+$/.test(String(name))) {
        throw new Error(`packages.json at ${field}[${index}]: ${name} is no Debian package name`);
      }
    });
  }
  const remove = list.remove ?? [];
  if (!Array.isArray(remove)) throw new Error('packages.json at remove: expected a list of paths');
  remove.forEach((path, index) => {
    if (!/^[^/]+(\/[^/]+)*$/.test(String(path)) || String(path).split('/').includes('..')) {
      throw new Error(`packages.json at remove[${index}]: expected a path relative to the root, not ${path}`);
    }
  });
  return /** @type {PackageList} */ (value);
}

/**
 * The settings of this machine's apt that say how to reach an archive (proxies, time-outs, validity), as options
 * for another apt. Takes the output of `apt-config dump`.
 * @param {string} dump
 * @returns {string[]} For example `Acquire::http::Proxy "http://proxy:3128";`
 */
function reachingOptions(dump) {
  return dump
    .split('\n')
    .filter((line) =>
      /^Acquire::(https?|Retries|Check-Valid-Until|Check-Date|ForceIPv[46]|Queue-Mode)\b/i.test(line),
    )
    .filter((line) => !/ "";$/.test(line));
}

/**
 * The archive that this machine's apt uses for Debian itself.
 * Takes the output of `apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages'`.
 * @param {string} targets
 * @returns {string | undefined}
 */
function mirrorOfHost(targets) {
  for (const line of targets.split('\n')) {
    const match = /^Debian (https?:\/\/\S+?)\/?$/.exec(line.trim());
    if (match) return match[1];
  }
  return undefined;
}

/**
 * One-line sources of a suite with its updates; security comes from the folder beside the mirror's, as on every mirror
 * that carries it.
 * @param {string} mirror
 * @param {string} suite
 * @returns {string[]}
 */
function sources(mirror, suite) {
  const base = mirror.replace(/\/+$/, '');
  return [
    `deb ${base} ${suite} main`,
    `deb ${base} ${suite}-updates main`,
    `deb ${base}-security ${suite}-security main`,
  ];
}

/**
 * @param {PackageList} list
 * @param {{ mirror: string, options: string[], target: string }} how
 * @returns {string[]} argv
 */
function mmdebstrapArguments(list, { mirror, options, target }) {
  return [
    'mmdebstrap',
    // Packages are unpacked, not configured: no package script runs, so nothing of the building machine leaks in.
    '--variant=extract',
    '--format=directory',
    // The packages themselves stay for the moment; their control files are what is recorded.
    '--skip=cleanup',
    ...options.map((option) => `--aptopt=${option}`),
    `--include=${list.packages.join(',')}`,
    list.suite,
    target,
    ...sources(mirror, list.suite),
  ];
}

/**
 * Downloads the packages that come alone into the folder where it runs, by the lists that mmdebstrap has checked.
 * @param {readonly string[]} names
 * @param {{ options: string[], root: string }} how
 * @returns {string[]} argv
 */
function downloadArguments(names, { options, root }) {
  return [
    'apt-get',
    ...options.flatMap((option) => ['--option', option.replace(/ "(.*)";$/, '=$1')]),
    ...['--option', `Dir=${root}`, '--option', `Dir::State::status=${root}/var/lib/dpkg/status`],
    // As who runs it: apt's own user may not write here.
    ...['--option', 'APT::Sandbox::User=root'],
    'download',
    ...names,
  ];
}

/** Accounts: root owns the files, everything runs as 1000. */
const PASSWD = `root:x:0:0:root:/root:/bin/sh
service:x:1000:1000:service:/tmp:/bin/sh
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;
const GROUP = `root:x:0:
service:x:1000:
nogroup:x:65534:
`;

module.exports = {
  DEFAULT_MIRROR,
  GROUP,
  KEPT_IN_DOC,
  PASSWD,
  TRIMMED,
  downloadArguments,
  mirrorOfHost,
  mmdebstrapArguments,
  parsePackageList,
  reachingOptions,
  sources,
};
