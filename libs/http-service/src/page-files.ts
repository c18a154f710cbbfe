import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of the page, as it is sent. */
export interface PageFile {
  /** Where it is served: `/` or `/assets/…`. */
  path: string;
  contentType: string;
  cacheControl: string;
  /** Strong validator, with its quotes. */
  etag: string;
  content: Buffer;
  /** Of `content`; absent when it would not be smaller. */
  gzip?: Buffer;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Vite names what is in here by its content. */
const HASHED = '/assets/';

/**
 * Reads the built page, all of it: it is small, never changes while the server runs, and what is not in memory cannot
 * be asked for by a clever path.
 * @param folder what Vite wrote
 * @throws Error when there is no page, or a kind of file that has no content type yet
 */
export function readPage(folder: string): PageFile[] {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort()
    .map((name) => readPageFile(folder, name));
  if (!files.some(({ path }) => path === '/')) throw new Error(`${folder} has no index.html`);
  return files;
}

function readPageFile(folder: string, name: string): PageFile {
  const contentType = contentTypes[extname(name)];
  if (contentType === undefined) throw new Error(`${join(folder, name)}: no content type is known for it`);
  const content = readFileSync(join(folder, name));
  const gzip = gzipSync(content, { level: 9 });
  const path = name === 'index.html' ? '/' : `/${name}`;
  return {
    path,
    contentType,
    cacheControl: path.startsWith(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
    content,
    ...(gzip.length < content.length && { gzip }),
  };
}
