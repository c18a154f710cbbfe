/**
 * Writes dist/node: Node's own Linux binary, from the package and version in node.json through npm as it is configured
 * here, checked against the integrity in node.json.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = import.meta.dirname;

function main() {
  const { package: name, version, integrity } = JSON.parse(readFileSync(join(folder, 'node.json'), 'utf8'));
  const scratch = mkdtempSync(join(tmpdir(), 'berth-node-'));
  const dist = join(folder, 'dist');
  mkdirSync(dist, { recursive: true });
  try {
    const packed = JSON.parse(
      run(['npm', 'pack', `${name}@${version}`, '--json', '--pack-destination', scratch]),
    );
    const archive = join(scratch, packed[0].filename);
    const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (found !== integrity)
      throw new Error(`${name}@${version} is ${found}, not ${integrity} as node.json says`);
    run([
      'tar',
      '--extract',
      `--file=${archive}`,
      `--directory=${scratch}`,
      'package/bin/node',
      'package/LICENSE',
    ]);
    const binary = join(scratch, 'package/bin/node');
    chmodSync(binary, 0o755);
    // Copied beside its place first: the scratch folder may be on another file system.
    run(['cp', binary, join(dist, 'node.part')]);
    run(['cp', join(scratch, 'package/LICENSE'), join(dist, 'copyright')]);
    renameSync(join(dist, 'node.part'), join(dist, 'node'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function run([program, ...args]) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (error || status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
