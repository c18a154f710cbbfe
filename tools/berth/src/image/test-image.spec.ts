import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessRunner } from '@berth/exec';
import { parseService } from '@berth/model';
import type { ImagePlan } from './plan';
import { EngineStandIn, planOf } from './stand-ins';
import { testImage } from './test-image';

describe('testImage', () => {
  let engine: EngineStandIn;
  let server: Server;
  let healthy: boolean;
  let port: number;

  let workspaceRoot: string;

  beforeEach((done) => {
    workspaceRoot = mkdtempSync(join(tmpdir(), 'test-image-'));
    mkdirSync(join(workspaceRoot, 'apps/web'), { recursive: true });
    engine = new EngineStandIn();
    healthy = true;
    server = createServer((_, response) => {
      response.statusCode = healthy ? 200 : 503;
      response.end();
    }).listen(0, '127.0.0.1', () => {
      ({ port } = server.address() as AddressInfo);
      done();
    });
  });
  afterEach((done) => {
    rmSync(workspaceRoot, { recursive: true });
    server.close(done);
    server.closeAllConnections();
  });

  const sql = { ports: [{ name: 'sql', port: 5432, appProtocol: 'tcp' }] };
  const store = parseService(JSON.stringify(sql), 'apps/store/service.json', 'store');
  const test = (plan: ImagePlan, devPackages: string[] = []) =>
    testImage(plan, {
      engine,
      services: () => [store],
      devPackages,
      runner: new ProcessRunner(),
      workspaceRoot,
    });
  const health = { path: '/healthz', startSeconds: 1 };
  const http = () => ({ ports: [{ name: 'http', port }], health });

  it('starts it as the cluster would, and ends it when it was well', async () => {
    const document = {
      ...http(),
      user: 1234,
      writable: ['/run/web'],
      volumes: [{ name: 'data', path: '/data', size: '1Gi' }],
      needs: ['store'],
      env: { LEVEL: 'info' },
      secrets: ['PASSWORD'],
      command: ['node', 'main.js'],
    };
    await test(planOf(document));
    expect(engine.started).toEqual([
      {
        readOnly: true,
        restricted: true,
        user: '1234:1234',
        writable: expect.arrayContaining(['/run/web', '/data']),
        command: ['node', 'main.js'],
        env: {
          LEVEL: 'info',
          STORE_URL: 'tcp://store:5432',
          PASSWORD: expect.stringMatching(/^[0-9a-f]{24}$/),
        },
      },
    ]);
    expect(engine.stopped).toBe(1);
  });

  it('waits while it is not well yet', async () => {
    healthy = false;
    let asked = 0;
    server.on('request', () => {
      healthy = ++asked >= 2;
    });
    await test(planOf(http()));
    expect(asked).toBeGreaterThanOrEqual(2);
  });

  it('gives up at startSeconds, with the answer and the last lines', async () => {
    healthy = false;
    await expect(test(planOf(http()))).rejects.toMatchObject({
      name: 'UserError',
      message: `Its container was not well after 1 s: http://127.0.0.1:${port}/healthz answers 503.\n  its last line`,
      hint: expect.stringContaining('apps/web/service.json'),
    });
    expect(engine.stopped).toBe(1);
  });

  it('gives up at once when the container ended', async () => {
    healthy = false;
    engine.container = { exitCode: async () => 3 };
    await expect(test(planOf({ ...http(), health: { path: '/', startSeconds: 60 } }))).rejects.toThrow(
      'Its container ended with code 3:\n  its last line',
    );
    expect(engine.stopped).toBe(1);
  });

  it('asks by exec and tcp too', async () => {
    let asked: readonly string[] = [];
    engine.container = {
      execute: async (command) => {
        asked = command;
        return 0;
      },
    };
    await test(planOf({ ports: [{ name: 'http', port }], health: { exec: ['pg_isready'] } }));
    expect(asked).toEqual(['pg_isready']);
    await test(planOf({ ports: [{ name: 'http', port }], health: { tcp: 'http' } }));
    expect(engine.stopped).toBe(2);
  });

  it('asks by gRPC, and takes NOT_SERVING for not well', async () => {
    let status = 1;
    let body: Buffer = Buffer.alloc(0);
    const grpc = createHttp2Server().on('stream', (stream) => {
      stream.on('data', (part: Buffer) => (body = part));
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.end(Buffer.from([0, 0, 0, 0, 2, 0x08, status]));
    });
    await new Promise<void>((resolve) => grpc.listen(0, '127.0.0.1', resolve));
    const document = {
      ports: [{ name: 'grpc', port: (grpc.address() as AddressInfo).port, appProtocol: 'grpc' }],
      health: { grpc: 'grpc', service: 'desk', startSeconds: 1 },
    };
    try {
      await test(planOf(document));
      expect(body).toEqual(Buffer.from([0, 0, 0, 0, 6, 0x0a, 4, ...Buffer.from('desk')]));
      status = 2;
      await expect(test(planOf(document))).rejects.toThrow('its gRPC health is 2, expected 1 (SERVING)');
    } finally {
      grpc.close();
    }
  });

  it.each(['', 'root', '0', '0:1000', 'root:node'])('refuses a service that runs as "%s"', async (user) => {
    engine.configuredUser = user;
    await expect(test(planOf(http()))).rejects.toMatchObject({
      message: expect.stringContaining('runs as root'),
      hint: 'Write USER 1000 into apps/web/Dockerfile.',
    });
    expect(engine.started).toEqual([]);
  });

  it('refuses development packages wherever they lie, and no others', async () => {
    engine.paths = [
      'app/node_modules/ws/package.json',
      'app/node_modules/jest-worker/package.json',
      'app/node_modules/typescript.d.ts',
    ];
    await test(planOf(http()), ['jest', 'typescript']);
    engine.paths.push(
      'app/node_modules/ws/node_modules/jest/package.json',
      'node_modules/@swc/core/package.json',
    );
    await expect(test(planOf(http()), ['jest', '@swc/core'])).rejects.toThrow(
      'Its image has development packages: @swc/core, jest.',
    );
  });

  it('runs the test command of a base image as the user that the image has', async () => {
    const { service: _, ...base } = planOf({}, { test: { command: ['node', '--version'], health: true } });
    engine.configuredUser = '';
    await test(base);
    expect(engine.started).toEqual([
      expect.objectContaining({ command: ['node', '--version'], readOnly: true, writable: ['/tmp'] }),
    ]);
    engine.exit = 1;
    await expect(test(base)).rejects.toThrow(
      'apps/web/image.json at test.command: node --version exited with code 1:\n  said by the container',
    );
  });

  describe("by the service's own tests", () => {
    const client = (script: string, health = true) =>
      test(planOf(http(), { test: { health, client: [process.execPath, '-e', script] } }));
    const asks =
      'fetch(`http://${process.env.ADDRESS_HTTP}/`).then(({ status }) => process.exit(status - 200))';

    it("has them find the container's ports, once it is well, and ends it after them", async () => {
      await client(asks);
      expect(engine.stopped).toBe(1);
      healthy = false;
      await expect(client(asks)).rejects.toThrow('was not well after 1 s');
    });

    it('runs them in the folder of the project, also when the health is left alone', async () => {
      await client("require('assert').match(process.cwd(), /apps.web$/)", false);
      expect(engine.stopped).toBe(1);
    });

    it('fails as they do, with what they and the container printed', async () => {
      await expect(client("console.log('no price'); process.exitCode = 3")).rejects.toMatchObject({
        name: 'UserError',
        message: expect.stringMatching(
          /^apps\/web\/image\.json at test\.client: .* exited with code 3:\n {2}no price\nIts container printed:\n {2}its last line$/s,
        ),
      });
      expect(engine.stopped).toBe(1);
    });
  });

  it('leaves the health alone where image.json says so', async () => {
    await test(planOf(http(), { test: { health: false } }));
    expect(engine.started).toEqual([]);
  });
});
