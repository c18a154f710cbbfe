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

describe('a certificate', () => {
  it('is read with its names, its end and its chain', () => {
    const chain = `a comment\n${pair.certificate}\n${authority.certificate}`;
    const { source, names, notAfter, certificate } = read({ ...pair, certificate: chain });
    expect([source, names]).toEqual(['gateway-tls', ['web.example.com', '*.dev.example.com']]);
    expect(new Date(notAfter).getTime() - inDays(1).getTime()).toBeLessThan(60_000);
    expect(certificate).toBe(pair.certificate + authority.certificate);
  });

  it.each([[['rsa:2048']], [['ed25519']]])('may have a key of %j', async (key) => {
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

  it('is refused when nginx would refuse it in the handshake: its key is too small', async () => {
    const weak = await authority.issue(['a.example.com'], ['rsa:1024']);
    expect(() => read(weak)).toThrow('OpenSSL does not take it: ee key too small');
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
