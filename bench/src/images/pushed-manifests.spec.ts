import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pushedManifests } from './pushed-manifests';

it('counts the manifests of all repositories below a path, and of no other', () => {
  const storage = mkdtempSync(join(tmpdir(), 'berth-manifests-'));
  try {
    const repositories = join(storage, 'docker/registry/v2/repositories');
    for (const path of ['a/web', 'a/store', 'ab/web'])
      mkdirSync(join(repositories, path, '_manifests/revisions/sha256/one'), { recursive: true });
    mkdirSync(join(repositories, 'a/web/_manifests/revisions/sha256/two'));
    // One that is being pushed for the first time.
    mkdirSync(join(repositories, 'a/new/_uploads'), { recursive: true });
    expect(pushedManifests(storage, 'a')).toBe(3);
    expect(pushedManifests(storage, 'none')).toBe(0);
  } finally {
    rmSync(storage, { recursive: true, force: true });
  }
});
