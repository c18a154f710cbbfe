/**
 * Serves the page while it is written: changes show at once. WEB_URL is a running server of it, here or of an
 * environment, which answers what is below /api.
 */
import { createServer } from 'vite';
import { page } from './page.mjs';

const target = process.env.WEB_URL ?? 'http://localhost:8080';
const server = await createServer({
  ...page,
  server: { host: 'localhost', proxy: { '/api': { target, ws: true, changeOrigin: true } } },
});
await server.listen();
server.printUrls();
