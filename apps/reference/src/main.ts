import { portOf, serve } from '@berth/http-service';
import { instruments } from './instruments';
import { createServer } from './server';

serve(createServer(instruments, { level: process.env.LOG_LEVEL ?? 'info' }), portOf(process.env));
