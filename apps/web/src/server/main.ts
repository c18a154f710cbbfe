import { join } from 'node:path';
import { readConfig } from './config';
import { readPage } from './page-files';
import { createServer } from './server';

const { port, logLevel, ...services } = readConfig(process.env);
const server = createServer(readPage(join(__dirname, 'page')), services, { level: logLevel });

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.log.info({ signal }, 'draining');
    void server.close();
  });
}

server.listen({ host: '0.0.0.0', port }).catch((error: unknown) => {
  server.log.fatal(error);
  process.exit(1);
});
