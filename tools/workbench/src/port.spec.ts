import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayPort } from './port';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'berth-port-'));
  mkdirSync(join(root, 'apps/gateway'), { recursive: true });
  writeFileSync(
    join(root, 'apps/gateway/service.json'),
    JSON.stringify({
      ports: [
        { name: 'http', port: 8080, nodePort: 80 },
        { name: 'status', port: 8081 },
      ],
    }),
  );
});
afterEach(() => rmSync(root, { recursive: true }));

it('keeps a port that was asked for until another is asked for', async () => {
  expect(await gatewayPort(root, 9090)).toBe(9090);
  expect(await gatewayPort(root, undefined)).toBe(9090);
  expect(await gatewayPort(root, 80)).toBe(80);
  expect(await gatewayPort(root, undefined)).toBe(80);
});

describe("what a person wrote into admin's env.local.json", () => {
  const file = () => join(root, 'deploy/environments/admin/env.local.json');
  beforeEach(() => mkdirSync(join(root, 'deploy/environments/admin'), { recursive: true }));

  it('stays when a port is asked for', async () => {
    const gateway = { scale: { min: 2 }, ports: [{ name: 'http', port: 8081, nodePort: 81 }] };
    writeFileSync(file(), JSON.stringify({ ttl: '1d', services: { gateway } }));
    expect(await gatewayPort(root, 9090)).toBe(9090);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({
      ttl: '1d',
      services: { gateway: { ...gateway, ports: [{ name: 'http', port: 8081, nodePort: 9090 }] } },
    });
  });

  it('is not lost when it is no JSON', async () => {
    writeFileSync(file(), '{ "ttl": }');
    await expect(gatewayPort(root, 9090)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/env\.local\.json: is no JSON: .*line 1/),
    });
    expect(readFileSync(file(), 'utf8')).toBe('{ "ttl": }');
  });
});

it('takes 8080 when another program listens on 80', async () => {
  let blocker: Server | undefined;
  await new Promise<void>((resolve, reject) => {
    blocker = createServer().once('error', (error: NodeJS.ErrnoException) =>
      // Someone else's listener makes the same case.
      error.code === 'EADDRINUSE' ? resolve() : reject(error),
    );
    blocker.listen(80, '0.0.0.0', resolve);
  });
  try {
    expect(await gatewayPort(root, undefined)).toBe(8080);
  } finally {
    await new Promise((resolve) => blocker?.close(resolve) ?? resolve(undefined));
  }
});
