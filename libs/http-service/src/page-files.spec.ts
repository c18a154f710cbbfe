import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createHttpService } from './http-service';
import { readPage } from './page-files';
import { servePage } from './serve-page';

const html = '<!doctype html><title>Berth trading desk</title>';
const script = `console.log(${JSON.stringify('tick '.repeat(200))})`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-page-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), html);
  writeFileSync(join(folder, 'assets/index-Ab1.js'), script);
});
afterEach(() => rmSync(folder, { recursive: true }));

const get = (url: string, headers: Record<string, string> = {}) => {
  const server = createHttpService();
  servePage(server, readPage(folder));
  return server.inject({ url, headers });
};

it('serves the page, to be asked for anew each time', async () => {
  const response = await get('/');
  expect(response.body).toBe(html);
  expect(response.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
  });
});

it('serves what is named by its content to be kept for good', async () => {
  const response = await get('/assets/index-Ab1.js');
  expect(response.body).toBe(script);
  expect(response.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  });
});

it('says 304 to who has it, and sends what changed', async () => {
  const first = await get('/');
  const etag = String(first.headers.etag);
  for (const condition of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const again = await get('/', { 'if-none-match': condition });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  }
  writeFileSync(join(folder, 'index.html'), `${html}<p>new`);
  expect((await get('/', { 'if-none-match': etag })).statusCode).toBe(200);
});

it.each([
  ['gzip', true],
  ['br, gzip;q=0.5', true],
  ['GZIP', true],
  ['gzip;q=0', false],
  ['gzip; q=0.0', false],
  ['br', false],
  ['', false],
])('with accept-encoding %j: compressed is %j', async (accepted, compressed) => {
  const response = await get('/assets/index-Ab1.js', { 'accept-encoding': accepted });
  expect(response.headers['content-encoding']).toBe(compressed ? 'gzip' : undefined);
  const content = compressed ? gunzipSync(response.rawPayload) : response.rawPayload;
  expect(content.toString()).toBe(script);
});

it('has another validator for the compressed form', async () => {
  const plain = await get('/assets/index-Ab1.js');
  const compressed = await get('/assets/index-Ab1.js', { 'accept-encoding': 'gzip' });
  expect(compressed.headers.etag).not.toBe(plain.headers.etag);
});

it.each([
  '/index.html',
  '/assets/',
  '/assets/../index.html',
  '/%2e%2e/package.json',
  '/assets/index-Ab1.js/',
])('has nothing at %s', async (url) => {
  expect((await get(url)).statusCode).toBe(404);
});

it('refuses to start without a page, or with a file of no known kind', () => {
  writeFileSync(join(folder, 'assets/font.woff2'), '');
  expect(() => readPage(folder)).toThrow('font.woff2: no content type is known');
  rmSync(join(folder, 'assets/font.woff2'));
  rmSync(join(folder, 'index.html'));
  expect(() => readPage(folder)).toThrow('has no index.html');
});
