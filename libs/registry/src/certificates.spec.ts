import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { certificatesIn } from './certificates';

describe('certificatesIn', () => {
  let folder: string;
  const origin = new URL('https://registry.example.com:5000');
  const write = (name: string, text: string, host = origin.host) => {
    mkdirSync(join(folder, host), { recursive: true });
    writeFileSync(join(folder, host, name), text);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has nothing of its own for a registry without a folder', () => {
    write('ca.crt', 'broken', 'registry.example.com');
    expect(certificatesIn([folder, join(folder, 'none')])(origin)).toBeUndefined();
  });

  it('takes the first folder that has the registry', () => {
    write('ca.crt', rootCertificates[0]!);
    const broken = mkdtempSync(join(folder, 'second-'));
    mkdirSync(join(broken, origin.host));
    writeFileSync(join(broken, origin.host, 'ca.crt'), 'broken');
    expect(certificatesIn([folder, broken])(origin)).toBeDefined();
    expect(() => certificatesIn([broken, folder])(origin)).toThrow('is no certificate');
  });

  it.each(['registry.example.com', 'registry.example.com:443'])('finds the usual port as %s', (host) => {
    write('ca.crt', rootCertificates[0]!, host);
    expect(certificatesIn([folder])(new URL('https://registry.example.com'))).toBeDefined();
  });

  it('names the file that is no certificate', () => {
    write('ca.crt', 'text');
    expect(() => certificatesIn([folder])(origin)).toThrow(
      `${join(folder, origin.host)}/ca.crt is no certificate`,
    );
  });

  it('misses the key of a client certificate', () => {
    write('client.cert', rootCertificates[0]!);
    expect(() => certificatesIn([folder])(origin)).toThrow('there is no client.key');
  });

  it('says that certificate and key are none, or not a pair', () => {
    write('client.cert', rootCertificates[0]!);
    write('client.key', 'text');
    expect(() => certificatesIn([folder])(origin)).toThrow(/client certificate in .* cannot be used/);
  });
});
