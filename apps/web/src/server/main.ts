import { join } from 'node:path';
import { readPage, serve } from '@berth/http-service';
import { readConfig } from './config';
import { createServer } from './server';

const { port, logLevel, ...services } = readConfig(process.env);
const server = createServer(readPage(join(__dirname, 'page')), services, { level: logLevel });

serve(server, port);
