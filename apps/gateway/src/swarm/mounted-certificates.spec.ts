import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseCertificates } from '../certificate-choice';
import { TestAuthority } from '../testing-authority';
import { testLog } from '../testing-objects';
import { mountedCertificates } from './mounted-certificates';

const { log } = testLog();
const options = { onChange: () => undefined, log, signal: new AbortController().signal };

describe('certificates in mounted files', () => {
  let authority: TestAuthority;
  let folder: string;
  beforeAll(async () => {
    authority = await TestAuthority.make();
    folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  });
  afterAll(() => {
    authority.remove();
    rmSync(folder, { recursive: true });
  });
  const choose = (text: string) => {
    const file = join(folder, 'GATEWAY_TLS');
    writeFileSync(file, text);
    const source = mountedCertificates(['gateway-tls', 'desk-tls'], { GATEWAY_TLS_FILE: file });
    return chooseCertificates(source.observe(options).secrets(), [], new Date());
  };

  it('are those whose variable names a file, with chain and key in any order', async () => {
    const { certificate, key } = await authority.issue(['web.example.com']);
    for (const text of [`${certificate}${key}`, `${key}${certificate}`])
      expect(choose(text)).toMatchObject({
        certificates: [{ source: 'gateway-tls', names: ['web.example.com'] }],
        refused: [],
      });
  });

  it('are refused with the reason when they are none', async () => {
    const { certificate } = await authority.issue(['web.example.com']);
    expect(choose(certificate)).toMatchObject({
      certificates: [],
      refused: [{ reason: 'CertificateInvalid' }],
    });
  });
});
