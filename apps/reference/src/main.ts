import { instruments } from './instruments';
import { createServer } from './server';

const server = createServer(instruments, { level: process.env.LOG_LEVEL ?? 'info' });

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.log.info({ signal }, 'draining');
    void server.close();
  });
}

server.listen({ host: '0.0.0.0', port: Number(process.env.PORT ?? 8080) }).catch((error: unknown) => {
  server.log.fatal(error);
  process.exit(1);
});
