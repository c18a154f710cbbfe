import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetPorts, gatewayPorts, hasKeptPorts } from './port';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'berth-port-'));
  mkdirSync(join(root, 'apps/gateway'), { recursive: true });
  writeFileSync(
    join(root, 'apps/gateway/service.json'),
    JSON.stringify({
      ports: [
        { name: 'http', port: 8080, nodePort: 80 },
        { name: 'https', port: 8443, nodePort: 443 },
        { name: 'status', port: 8081 },
      ],
    }),
  );
});
afterEach(() => rmSync(root, { recursive: true }));

it('keeps a port that was asked for until another is asked for', async () => {
  for (const [asked, http] of [
    [9090, 9090],
    [undefined, 9090],
    [80, 80],
    [undefined, 80],
  ] as const)
    expect((await gatewayPorts(root, asked)).http).toBe(http);
});

describe("what a person wrote into admin's env.local.json", () => {
  const file = () => join(root, 'deploy/environments/admin/env.local.json');
  beforeEach(() => mkdirSync(join(root, 'deploy/environments/admin'), { recursive: true }));

  it('stays when a port is asked for', async () => {
    const ports = [
      { name: 'http', port: 8081, nodePort: 81 },
      { name: 'https', port: 8444, nodePort: 444 },
    ];
    const gateway = { scale: { min: 2 }, env: { TZ: 'UTC' }, ports };
    writeFileSync(file(), JSON.stringify({ ttl: '1d', services: { gateway } }));
    expect(await gatewayPorts(root, 9090)).toEqual({ http: 9090, https: 444 });
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({
      ttl: '1d',
      services: {
        gateway: {
          ...gateway,
          env: { TZ: 'UTC', HTTPS_PORT: '444' },
          ports: [{ ...ports[0], nodePort: 9090 }, ports[1]],
        },
      },
    });
  });

  it('is not lost when it is no JSON', async () => {
    writeFileSync(file(), '{ "ttl": }');
    await expect(gatewayPorts(root, 9090)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/env\.local\.json: is no JSON: .*line 1/),
    });
    expect(readFileSync(file(), 'utf8')).toBe('{ "ttl": }');
  });
});

it.each([
  [80, { http: 8080 }],
  [443, { https: 8443 }],
])('takes another port when another program listens on %i', async (port, expected) => {
  let blocker: Server | undefined;
  await new Promise<void>((resolve, reject) => {
    blocker = createServer().once('error', (error: NodeJS.ErrnoException) =>
      // Someone else's listener makes the same case.
      error.code === 'EADDRINUSE' ? resolve() : reject(error),
    );
    blocker.listen(port, '0.0.0.0', resolve);
  });
  try {
    expect(await gatewayPorts(root, undefined)).toMatchObject(expected);
  } finally {
    await new Promise((resolve) => blocker?.close(resolve) ?? resolve(undefined));
  }
});

describe('on a cluster elsewhere', () => {
  const file = () => join(root, 'deploy/environments/admin/env.local.json');
  beforeEach(() => mkdirSync(join(root, 'deploy/environments/admin'), { recursive: true }));

  it('the ports of this machine are forgotten, and the file with them', async () => {
    expect(hasKeptPorts(root)).toBe(false);
    forgetPorts(root);
    await gatewayPorts(root, 9090);
    expect(hasKeptPorts(root)).toBe(true);
    forgetPorts(root);
    expect(existsSync(file())).toBe(false);
  });

  it('what else a person wrote there stays', async () => {
    const own = {
      protected: true,
      services: { web: { scale: { min: 3 } }, gateway: { env: { LOG_LEVEL: 'debug' } } },
    };
    writeFileSync(file(), JSON.stringify(own));
    await gatewayPorts(root, 9090);
    forgetPorts(root);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual(own);
  });
});
