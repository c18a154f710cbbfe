import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { WebSocket, WebSocketServer } from 'ws';

const workspace = join(__dirname, '../../..');
const LIMIT = 60_000;

let scratch: string;
let built: string;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'berth-web-'));
  built = join(scratch, 'built');
  await build(join(workspace, 'apps/web'), built);
}, LIMIT);
afterAll(() => rmSync(scratch, { recursive: true }));

async function build(project: string, output: string, env: Record<string, string> = {}): Promise<void> {
  await promisify(execFile)(process.execPath, ['build.mjs', output], {
    cwd: project,
    env: { ...process.env, ...env },
  });
}

/** Path and digest of each file. */
function contents(folder: string): [string, string][] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex')]);
}

it(
  'builds the same from the same, wherever the workspace is',
  async () => {
    const elsewhere = join(scratch, 'a-longer/path/to/workspace');
    cpSync(join(workspace, 'apps/web'), join(elsewhere, 'apps/web'), {
      recursive: true,
      filter: (path) => path !== join(workspace, 'apps/web/dist'),
    });
    cpSync(join(workspace, 'tsconfig.base.json'), join(elsewhere, 'tsconfig.base.json'));
    symlinkSync(join(workspace, 'node_modules'), join(elsewhere, 'node_modules'));
    await build(join(elsewhere, 'apps/web'), join(elsewhere, 'apps/web/dist'), {
      NODE_ENV: 'development',
      TZ: 'Asia/Tokyo',
      VITE_NAME: 'nobody',
    });
    expect(contents(join(elsewhere, 'apps/web/dist'))).toEqual(contents(built));
    for (const [path] of contents(built)) {
      expect([path, readFileSync(join(built, path), 'utf8').includes(workspace)]).toEqual([path, false]);
    }
  },
  LIMIT,
);

it('has a page that takes nothing from elsewhere, and nothing inline', () => {
  const html = readFileSync(join(built, 'page/index.html'), 'utf8');
  expect(html).toContain('<title>Berth trading desk</title>');
  const referred = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address ?? '');
  expect(referred.length).toBeGreaterThanOrEqual(3);
  const files = contents(join(built, 'page')).map(([path]) => `/${path}`);
  for (const address of referred) {
    expect(address).toMatch(/^\/assets\/[\w.-]+-[\w-]{8}\.(js|css|svg)$/);
    expect(files).toContain(address);
  }
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/);
});

describe('the server that was built', () => {
  it(
    'serves the page, and ends well while pages are connected',
    async () => {
      const pricing = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/prices' });
      await once(pricing, 'listening');
      const { port: pricingPort } = pricing.address() as AddressInfo;
      const port = await freePort();
      const server = spawn(process.execPath, [join(built, 'main.js')], {
        env: {
          PORT: String(port),
          PRICING_URL: `http://127.0.0.1:${pricingPort}`,
          EXECUTION_URL: 'http://127.0.0.1:1',
          BLOTTER_URL: 'http://127.0.0.1:1',
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        const ended = once(server, 'exit');
        let printed = '';
        await new Promise<void>((resolve, reject) => {
          void ended.then(() => reject(new Error(`ended: ${printed}`)));
          server.stdout.on('data', (part: Buffer) => {
            printed += part;
            if (printed.includes('listening')) resolve();
          });
        });
        const url = `http://127.0.0.1:${port}`;
        expect(await (await fetch(url)).text()).toBe(readFileSync(join(built, 'page/index.html'), 'utf8'));
        const page = new WebSocket(`ws://127.0.0.1:${port}/api/prices`);
        await once(page, 'open');
        const closed = once(page, 'close');
        server.kill('SIGTERM');
        expect((await closed)[0]).toBe(1001);
        expect(await ended).toEqual([0, null]);
      } finally {
        server.kill('SIGKILL');
        pricing.close();
      }
    },
    LIMIT,
  );

  it(
    'does not start without the addresses that it needs',
    async () => {
      const start = promisify(execFile)(process.execPath, [join(built, 'main.js')], { env: {} });
      await expect(start).rejects.toMatchObject({
        stderr: expect.stringContaining('PRICING_URL must be an address such as http://pricing') as string,
      });
    },
    LIMIT,
  );
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
