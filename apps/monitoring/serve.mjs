/**
 * Serves the page while it is written: changes show at once. MONITORING_URL is a running server of it, here or of an
 * environment, which answers what is below /api.
 */
import { createServer } from 'vite';
import { page } from './page.mjs';

const target = process.env.MONITORING_URL ?? 'http://localhost:8080';
const server = await createServer({
  ...page,
  server: { host: 'localhost', proxy: { '/api': { target } } },
});
await server.listen();
server.printUrls();
