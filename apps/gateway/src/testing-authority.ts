/* Only tests use this. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';

/** PEM. */
export interface KeyPair {
  certificate: string;
  key: string;
}

const runner = new ProcessRunner();
const P256 = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

/** A certificate authority of one's own, by openssl. */
export class TestAuthority {
  private constructor(
    private readonly folder: string,
    /** PEM. */
    readonly certificate: string,
  ) {}

  static async make(): Promise<TestAuthority> {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-authority-'));
    const { certificate } = await request(folder, 'authority', P256, []);
    return new TestAuthority(folder, certificate);
  }

  /** For these hosts, for a day. @param key as `openssl req -newkey` takes it */
  issue(names: readonly string[], key: readonly string[] = P256): Promise<KeyPair> {
    const { folder } = this;
    return request(folder, 'issued', key, [
      ...['-CA', join(folder, 'authority.crt'), '-CAkey', join(folder, 'authority.key')],
      ...(names.length ? ['-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`] : []),
    ]);
  }

  /** Path of a file with this text, among its own. */
  write(name: string, text: string): string {
    const path = join(this.folder, `${name}.pem`);
    writeFileSync(path, text);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

async function request(
  folder: string,
  name: string,
  key: readonly string[],
  options: readonly string[],
): Promise<KeyPair> {
  const files = { certificate: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  await runner.run([
    ...['openssl', 'req', '-x509', '-days', '1', '-subj', `/CN=${name}`, '-nodes', '-newkey', ...key],
    ...['-keyout', files.key, '-out', files.certificate, ...options],
  ]);
  return { certificate: readFileSync(files.certificate, 'utf8'), key: readFileSync(files.key, 'utf8') };
}
