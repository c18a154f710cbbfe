import packageList from './packages.json';
import {
  downloadArguments,
  mirrorOfHost,
  mmdebstrapArguments,
  parsePackageList,
  reachingOptions,
  sources,
} from './rootfs.cjs';

describe('the package list', () => {
  it('of this folder is sound', () => {
    expect(parsePackageList(packageList)).toBe(packageList);
  });

  it.each([
    [{ suite: 'Trixie 13' }, 'at suite'],
    [{ date: 'yesterday' }, 'at date'],
    [{ date: '2026-13-01' }, 'at date'],
    [{ packages: 'libc6' }, 'at packages'],
    [{ packages: ['libc6', '--aptopt=x'] }, 'at packages[1]'],
    [{ alone: ['A B'] }, 'at alone[0]'],
    [{ without: ['A B'] }, 'at without[0]'],
    [{ remove: ['usr/../../etc'] }, 'at remove[0]'],
    [{ remove: ['/etc'] }, 'at remove[0]'],
  ])('%j is refused and the field named', (wrong, where) => {
    expect(() => parsePackageList({ ...packageList, ...wrong })).toThrow(where);
  });
});

describe("the building machine's apt", () => {
  it('gives its proxies and validity settings, and nothing else', () => {
    const dump = [
      'APT::Architecture "amd64";',
      'Acquire "";',
      'Acquire::http "";',
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::Check-Valid-Until "false";',
      'Acquire::Languages:: "none";',
      'Acquire::https::CaInfo "/etc/ssl/own.pem";',
    ].join('\n');
    expect(reachingOptions(dump)).toEqual([
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::Check-Valid-Until "false";',
      'Acquire::https::CaInfo "/etc/ssl/own.pem";',
    ]);
  });

  it('gives its Debian archive, not one of somebody else', () => {
    const targets =
      'Node http://node.example/\nDebian-Security http://a.example/debian-security/\nDebian http://a.example/debian/\n';
    expect(mirrorOfHost(targets)).toBe('http://a.example/debian');
    expect(mirrorOfHost('Ubuntu http://u.example/ubuntu/\n')).toBeUndefined();
  });
});

it('takes the security archive beside the mirror', () => {
  expect(sources('http://deb.debian.org/debian/', 'trixie')).toEqual([
    'deb http://deb.debian.org/debian trixie main',
    'deb http://deb.debian.org/debian trixie-updates main',
    'deb http://deb.debian.org/debian-security trixie-security main',
  ]);
});

it('hands every option over as one argument', () => {
  const argv = mmdebstrapArguments(parsePackageList(packageList), {
    mirror: 'http://m.example/debian',
    options: ['Acquire::http::Proxy "http://p.example";'],
    target: '/tmp/root',
  });
  expect(argv).toContain('--aptopt=Acquire::http::Proxy "http://p.example";');
  expect(argv).toContain('--variant=extract');
  expect(argv.slice(argv.indexOf('trixie'), argv.indexOf('trixie') + 2)).toEqual(['trixie', '/tmp/root']);
});

it('downloads what comes alone by the lists of the new root, reached as this machine reaches its archive', () => {
  const options = ['Acquire::http::Proxy "http://p.example";'];
  expect(downloadArguments(['nginx-dev'], { options, root: '/tmp/root' })).toEqual([
    ...['apt-get', '--option', 'Acquire::http::Proxy=http://p.example', '--option', 'Dir=/tmp/root'],
    ...['--option', 'Dir::State::status=/tmp/root/var/lib/dpkg/status'],
    ...['--option', 'APT::Sandbox::User=root', 'download', 'nginx-dev'],
  ]);
});
