import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NginxClient } from './nginx-client';
import { routeHolderContract } from './testing-holder-contract';
import { StandInNginx } from './testing-nginx';

const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
const nginx = new StandInNginx(join(folder, 'admin.sock'));
const holder = new NginxClient(nginx.socketPath);

beforeAll(() => nginx.listen());
afterAll(async () => {
  holder.close();
  await nginx.close();
  rmSync(folder, { recursive: true });
});

describe('the stand-in for nginx', () => {
  routeHolderContract(() => ({
    holder,
    count: async () => Object.keys(nginx.routes).length,
    forget: async () => nginx.forget(),
  }));
});
