import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { TestAuthority } from '@berth/exec/src/testing-authority';
import { certificatesIn } from './certificates';

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'berth-certificates-'));
  const authority = await TestAuthority.make(folder, 'authority');
  const { certificate, key } = await authority.sign('client', []);
  for (const [from, to] of [
    [authority.certificate, 'ca.pem'],
    [certificate, 'cert.pem'],
    [key, 'key.pem'],
  ] as const)
    copyFileSync(from, at(to));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('takes what openssl has made', () => {
  expect(certificatesIn(folder)).toMatchObject({ ca: expect.any(Buffer), key: expect.any(Buffer) });
});

it('says which file is missing, is none, is not of the other, or has expired', async () => {
  const tomorrow = Date.now() + 2 * 24 * 3_600_000;
  expect(() => certificatesIn(folder, tomorrow)).toThrow(`${at('cert.pem')} has expired: it was good until`);
  copyFileSync(at('authority.key'), at('key.pem'));
  expect(() => certificatesIn(folder)).toThrow(`${at('key.pem')} is not the key of ${at('cert.pem')}`);
  const lock = ['-aes256', '-passout', 'pass:secret', '-in', at('client.key'), '-out', at('key.pem')];
  await new ProcessRunner().run(['openssl', 'pkey', ...lock]);
  expect(() => certificatesIn(folder)).toThrow(`${at('key.pem')} is locked by a passphrase`);
  writeFileSync(at('key.pem'), 'no key');
  expect(() => certificatesIn(folder)).toThrow(`${at('key.pem')} is no private key`);
  rmSync(at('cert.pem'));
  expect(() => certificatesIn(folder)).toThrow(`${at('cert.pem')} is not there`);
  writeFileSync(at('ca.pem'), 'no certificate');
  expect(() => certificatesIn(folder)).toThrow(/cert\.pem is not there/);
});
