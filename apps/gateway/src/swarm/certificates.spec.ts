import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testLog } from '../testing-objects';
import { swarmCertificates } from './certificates';

describe('certificates of a gateway on a Swarm', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'certificates-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const names = async (tlsFolder: string, env: Record<string, string>) => {
    const stopping = new AbortController();
    const source = swarmCertificates({ tlsSecrets: ['gateway-tls'], tlsFolder }, env);
    const { log } = testLog();
    const { secrets, listed } = source.observe({
      onChange: () => undefined,
      log,
      signal: stopping.signal,
    });
    await listed;
    stopping.abort();
    return secrets().map(({ name, secret }) => (secret ? name : `no ${name}`));
  };

  it('are those of secrets before those of the folder', async () => {
    const file = join(folder, 'GATEWAY_TLS');
    writeFileSync(file, 'text');
    writeFileSync(join(folder, 'desk.pem'), 'text');
    expect(await names(folder, { GATEWAY_TLS_FILE: file })).toEqual(['gateway-tls', 'desk.pem']);
  });

  it('are those of secrets alone where there is no folder', async () => {
    expect(await names(join(folder, 'none'), {})).toEqual(['no gateway-tls']);
  });
});
