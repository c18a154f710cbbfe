import { X509Certificate } from 'node:crypto';
import { ProcessRunner } from '@berth/exec';
import { readCertificate, type Certificate } from './certificate';
import { isStillGood, makeSelfSigned } from './self-signed';
import { TestAuthority, type KeyPair } from './testing-authority';

let authority: TestAuthority;
let pair: KeyPair;
// A moment from now on: what is issued below begins then.
const now = new Date(Date.now() + 60_000);
const inDays = (days: number) => new Date(now.getTime() + days * 24 * 60 * 60_000);
beforeAll(async () => {
  authority = await TestAuthority.make();
  pair = await authority.issue(['Web.example.com', '*.dev.example.com', 'w*.example.com']);
});
afterAll(() => authority.remove());

const read = ({ certificate, key }: KeyPair, at = now) =>
  readCertificate('gateway-tls', certificate, key, at);

const der = (certificate: string): Buffer => new X509Certificate(certificate).raw;

/** The certificate with other bytes in place of some; whether its signature is right, nobody asks here. */
function rewritten(certificate: string, from: string, to: string): string {
  const bytes = der(certificate);
  const at = bytes.indexOf(from, 0, 'latin1');
  bytes.write(to, at, 'latin1');
  return new X509Certificate(bytes).toString();
}

describe('a certificate', () => {
  it('is read with its names, its end and its chain', () => {
    const chain = `a comment\n${pair.certificate}\n${authority.certificate}`;
    const { source, names, notAfter, certificate } = read({ ...pair, certificate: chain });
    expect([source, names]).toEqual(['gateway-tls', ['web.example.com', '*.dev.example.com']]);
    expect(new Date(notAfter).getTime() - inDays(1).getTime()).toBeLessThan(60_000);
    expect(certificate).toBe(pair.certificate + authority.certificate);
  });

  it.each([
    [['rsa:2048']],
    [['rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048']],
    [['ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1']],
    [['ed25519']],
  ])('may have a key of %j', async (key) => {
    const { names } = read(await authority.issue(['a.example.com'], key));
    expect(names).toEqual(['a.example.com']);
  });

  it('is refused when there is none', () => {
    expect(() => read({ ...pair, certificate: '' })).toThrow('there is no certificate in PEM');
  });

  it('is refused when it, or one of its chain, cannot be read', () => {
    const broken = pair.certificate.replace(/\n[A-Za-z0-9+/=]+\n/, '\nAAAA\n');
    expect(() => read({ ...pair, certificate: broken })).toThrow('certificate 1 of the chain cannot be read');
    expect(() => read({ ...pair, certificate: pair.certificate + broken })).toThrow('certificate 2');
  });

  it('is refused with the key of another one, of the same kind or not', async () => {
    for (const kind of [undefined, ['rsa:2048']]) {
      const { key } = await authority.issue(['a.example.com'], kind);
      expect(() => read({ ...pair, key })).toThrow('the key is not that of the certificate');
    }
  });

  it('is refused with a key that cannot be read, or that has a password', () => {
    expect(() => read({ ...pair, key: '' })).toThrow('the key cannot be read');
    const encrypted = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n';
    expect(() => read({ ...pair, key: encrypted })).toThrow('the key cannot be read');
  });

  it.each([
    // What nginx would refuse in the handshake.
    [['rsa:512'], 'OpenSSL does not take it: ee key too small'],
    [['rsa:1024'], 'OpenSSL does not take it: ee key too small'],
    // Of four primes, which are found sooner.
    [
      ['rsa', '-pkeyopt', 'rsa_keygen_bits:4608', '-pkeyopt', 'rsa_keygen_primes:4'],
      '4608 bits, more than 4096',
    ],
    [['ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'], 'on the curve secp256k1, not on prime256v1'],
    [['ec', '-pkeyopt', 'ec_paramgen_curve:SM2'], 'of another kind than rsa'],
  ])('is refused with a key of %j', async (key, message) => {
    const odd = await authority.issue(['a.example.com'], key);
    expect(() => read(odd)).toThrow(message);
  });

  it('is read from among other text, and from lines as Windows writes them', () => {
    const text = `\ufeffBag Attributes\n  localKeyID: 01\n${pair.certificate}-----BEGIN X-----\nAAAA\n-----END X-----\n`;
    const lines = (pem: string) => pem.replaceAll('\n', '\r\n');
    const { certificate, key } = read({
      certificate: lines(text),
      key: `# a key\n${lines(pair.key)}# its end`,
    });
    expect([certificate, key]).toEqual([pair.certificate, pair.key]);
  });

  it('is refused when what it begins does not end, or ends before it begins', () => {
    for (const cut of [
      pair.certificate.slice(0, -2),
      pair.certificate.slice(20),
      pair.certificate.slice(-40),
    ])
      expect(() => read({ ...pair, certificate: cut })).toThrow('there is no certificate in PEM');
  });

  it('may have a chain of 40, and is refused with one that no client takes', () => {
    const chain = (length: number) => pair.certificate + authority.certificate.repeat(length - 1);
    expect(read({ ...pair, certificate: chain(40) }).certificate).toBe(chain(40));
    expect(() => read({ ...pair, certificate: chain(300) })).toThrow(
      'its chain of 300 is longer than the 100 kB',
    );
  });

  it('may be for hundreds of hosts', async () => {
    const many = Array.from({ length: 400 }, (_, index) => `desk-${index}.example.com`);
    expect(read(await authority.issue(many)).names).toEqual(many);
  });

  it('is for no host that is only written in a name, and for no wildcard in an odd place', async () => {
    const odd = ['*', '*.', '.x.test', '*.*.x.test', 'a.*.test', '*a.x.test', 'a b', '-a.test', 'a_b.test'];
    // openssl would not write these.
    const hostile = ['a.test, DNS:evil.test, x', 'evil.test\0.x.test', 'evil.test\n', 'd\xe9sk.test'];
    const standIns = hostile.map(({ length }, index) => String.fromCharCode(65 + index).repeat(length));
    const issued = await authority.issue(['good.test', ...odd, ...standIns]);
    const certificate = hostile.reduce(
      (pem, name, index) => rewritten(pem, standIns[index]!, name),
      issued.certificate,
    );
    expect(read({ ...issued, certificate }).names).toEqual(['good.test']);
  });

  it('is refused when its time cannot be read', () => {
    const [, notAfter] = der(pair.certificate)
      .toString('latin1')
      .match(/\d{12}Z/g)!;
    const certificate = rewritten(pair.certificate, notAfter!, '269999999999Z');
    expect(() => read({ ...pair, certificate })).toThrow('the time for which it is valid cannot be read');
  });

  it('is refused when it is for no host', async () => {
    const nameless = await authority.issue([]);
    expect(() => read(nameless)).toThrow('it is for no host');
  });

  it('is refused before its time and after it', () => {
    expect(() => read(pair, inDays(-1))).toThrow(
      expect.objectContaining({ reason: 'CertificateNotYetValid' }),
    );
    expect(() => read(pair, inDays(2))).toThrow(expect.objectContaining({ reason: 'CertificateExpired' }));
  });
});

describe('a self-signed certificate', () => {
  it('is for the domains and every host below them', () => {
    const made = makeSelfSigned(['localhost', 'dev.example.com'], now);
    expect(made.names).toEqual(['localhost', '*.localhost', 'dev.example.com', '*.dev.example.com']);
    expect(read(made).certificate).toBe(made.certificate);
  });

  it('is one that openssl finds nothing wrong with, until 2049 and later', async () => {
    for (const at of [now, new Date('2049-06-01T00:00:00Z')]) {
      const many = Array.from({ length: 40 }, (_, index) => `desk-${index}.example.com`);
      const { certificate } = makeSelfSigned(many, at);
      const checked = ['openssl', 'verify', '-x509_strict', '-purpose', 'sslserver', '-partial_chain'];
      const moment = String(Math.floor(at.getTime() / 1000));
      const file = authority.write('made', certificate);
      const hosts = ['-verify_hostname', 'web.desk-39.example.com', '-attime', moment];
      const { stdout } = await new ProcessRunner().run([...checked, ...hosts, '-CAfile', file, file]);
      expect(stdout).toContain(`${file}: OK`);
    }
  });

  it('has a key and a number of its own', () => {
    const [one, other] = [1, 2].map(() => makeSelfSigned(['localhost'], now)) as [Certificate, Certificate];
    expect(one.key).not.toBe(other.key);
    expect(new X509Certificate(one.certificate).serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('is good until a month before its end, for what it was made for', () => {
    const made = makeSelfSigned(['localhost'], now);
    expect(isStillGood(made, ['localhost'], inDays(365))).toBe(true);
    expect(isStillGood(made, ['localhost'], inDays(367))).toBe(false);
    expect(isStillGood(made, ['localhost', 'dev.example.com'], now)).toBe(false);
    expect(isStillGood({ ...made, source: 'gateway-tls' }, ['localhost'], now)).toBe(false);
  });
});
