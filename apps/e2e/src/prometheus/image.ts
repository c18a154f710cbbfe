import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { HttpRegistry } from '@berth/registry';
import { alertmanager, prometheus } from './programs';

/** Both are static, and nothing else is needed: neither a shell nor certificates. */
const dockerfile = 'FROM scratch\nCOPY prometheus alertmanager /\nUSER 1000\nCMD ["/prometheus"]\n';

/**
 * An image of Prometheus and Alertmanager. Made when the registry has not got it, and left there, as the programs are in
 * their cache.
 * @returns its reference
 */
export async function prometheusImage(): Promise<string> {
  const programs = await Promise.all([prometheus(), alertmanager()]);
  const content = createHash('sha256').update(dockerfile);
  for (const program of programs) content.update(readFileSync(program));
  const reference = `localhost:5000/berth-test/prometheus:${content.digest('hex').slice(0, 40)}`;
  const registry = new HttpRegistry();
  const folder = mkdtempSync(join(tmpdir(), 'berth-prometheus-'));
  try {
    if (await registry.has(reference)) return reference;
    for (const program of programs) copyFileSync(program, join(folder, basename(program)));
    writeFileSync(join(folder, 'Dockerfile'), dockerfile);
    const runner = new ProcessRunner();
    await runner.run(['docker', 'build', '--quiet', '--tag', reference, folder]);
    await runner.run(['docker', 'push', '--quiet', reference]);
    await runner.run(['docker', 'image', 'rm', reference]);
    return reference;
  } finally {
    registry.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
