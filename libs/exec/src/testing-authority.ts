import { join } from 'node:path';
import { ProcessRunner } from './process-runner';

/** A certificate and its key: paths of PEM files. */
export interface KeyPair {
  certificate: string;
  key: string;
}

const runner = new ProcessRunner();

/** A certificate authority of one's own, by openssl; for tests. */
export class TestAuthority implements KeyPair {
  private constructor(
    readonly certificate: string,
    readonly key: string,
    private readonly folder: string,
  ) {}

  static async make(folder: string, name: string): Promise<TestAuthority> {
    const { certificate, key } = await request(folder, name, []);
    return new TestAuthority(certificate, key, folder);
  }

  /** @param names that it is for, as openssl writes them; those of this machine when absent */
  sign(name: string, names: readonly string[] = ['DNS:localhost', 'IP:127.0.0.1']): Promise<KeyPair> {
    const extension = names.length === 0 ? [] : ['-addext', `subjectAltName=${names.join(',')}`];
    return request(this.folder, name, ['-CA', this.certificate, '-CAkey', this.key, ...extension]);
  }
}

async function request(folder: string, name: string, options: readonly string[]): Promise<KeyPair> {
  const [certificate, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', key, '-out', certificate];
  await runner.run([
    ...['openssl', 'req', '-x509', '-days', '1', '-subj', `/CN=${name}`],
    ...curve,
    ...files,
    ...options,
  ]);
  return { certificate, key };
}
