import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RecordingRunner } from '@berth/exec';
import fc from 'fast-check';
import { filesOnDisk } from '../workspace/files';
import { changedBy, editsOf } from './arbitrary-edits';
import { arbitraryShape, imagesOf, workspaceValue, type WorkspaceValue } from './arbitrary-workspace';
import { InputFiles } from './input-files';
import { failed, planImages } from './plan';
import { productionGraph } from './production-graph';

/** The workspace in a folder; only what differs from the last one is written. */
class Folder {
  readonly root = mkdtempSync(join(tmpdir(), 'berth wörkspace '));
  #written: WorkspaceValue['files'] = {};

  async tags(value: WorkspaceValue, images: readonly string[]): Promise<Record<string, string>> {
    this.#write(value.files);
    const listed = Object.keys(value.files).filter((path) => !value.git.ignored.includes(path));
    if (value.git.reversed) listed.reverse();
    const git = new RecordingRunner().when(['git'], { stdout: listed.map((path) => `${path}\0`).join('') });
    const plans = await planImages(
      images,
      {
        root: this.root,
        graph: productionGraph(value.graph, value.imports),
        options: value.options,
        files: filesOnDisk(this.root),
      },
      new InputFiles(this.root, git),
    );
    return Object.fromEntries(
      [...plans].map(([name, plan]) => {
        if (failed(plan)) throw plan.failure;
        return [name, plan.tag];
      }),
    );
  }

  #write(files: WorkspaceValue['files']): void {
    for (const path of Object.keys(this.#written)) if (!files[path]) rmSync(join(this.root, path));
    for (const [path, file] of Object.entries(files)) {
      if (JSON.stringify(file) === JSON.stringify(this.#written[path])) continue;
      const at = join(this.root, path);
      mkdirSync(dirname(at), { recursive: true });
      writeFileSync(at, file.text);
      chmodSync(at, file.executable ? 0o755 : 0o644);
      if (file.modified !== undefined) utimesSync(at, file.modified, file.modified);
    }
    this.#written = files;
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

describe('whatever a workspace looks like', () => {
  const folder = new Folder();
  afterAll(() => folder.remove());

  it('an edit gives another tag to the images that it changes and to those that stand on them, and to no other', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryShape, async (shape) => {
        const images = imagesOf(shape);
        const value = workspaceValue(shape);
        const before = await folder.tags(value, images);
        for (const edit of editsOf(shape)) {
          const edited = structuredClone(value);
          edit.apply(edited);
          const after = await folder.tags(edited, images);
          const changed = images.filter((name) => after[name] !== before[name]).sort();
          expect({ edit: edit.name, changed }).toEqual({ edit: edit.name, changed: changedBy(edit, shape) });
        }
        expect(await folder.tags(value, images)).toEqual(before);
      }),
      { numRuns: 8 },
    );
  }, 60_000);
});
