import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentOf } from '../../environment/environment-of';
import { SmallWorkspace } from '../testing-faults';
import { writePinned } from './write-pinned';

describe('the manifests with digests', () => {
  const image = `localhost:5000/berth/web@sha256:${'a'.repeat(64)}`;
  const source = { resolve: async () => ({ web: undefined }), build: jest.fn(async () => ({ web: image })) };
  let workspace: SmallWorkspace;
  const write = (options: { build: boolean; dryRun: boolean }) =>
    writePinned(environmentOf(workspace.context), source, 'out', { root: workspace.root, ...options });

  beforeEach(() => {
    workspace = new SmallWorkspace('pinned', { ports: [{ name: 'http', port: 8080 }] });
    source.build.mockClear();
  });
  afterEach(() => workspace.remove());

  it('name the images that were built for them', async () => {
    const written = await write({ build: true, dryRun: false });
    expect(written).toMatchObject({ folder: 'out', images: { web: image }, missingImages: ['web'] });
    expect(written.files).toContain('services/web.yaml');
    expect(readFileSync(join(workspace.root, 'out/services/web.yaml'), 'utf8')).toContain(image);
  });

  it('are not written, and nothing is built, in a dry run', async () => {
    expect(await write({ build: true, dryRun: true })).toMatchObject({ images: {}, missingImages: ['web'] });
    expect(source.build).not.toHaveBeenCalled();
    expect(existsSync(join(workspace.root, 'out'))).toBe(false);
  });

  it('need images that are there when none may be built', async () => {
    await expect(write({ build: false, dryRun: false })).rejects.toThrow('does not have the images of web');
    expect(existsSync(join(workspace.root, 'out'))).toBe(false);
  });
});
