import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testService } from '../testing-models';
import { quoted, renderHealthCheck } from './health-check';

describe('quoted', () => {
  it('gives one word to a shell, whatever is in it', () => {
    for (const word of ['plain', "it's", '$HOME', 'a b', '`x`', '', '"', '\\', '*'])
      expect(spawnSync('/bin/sh', ['-c', `printf %s ${quoted(word)}`]).stdout.toString()).toBe(word);
  });
});

describe('renderHealthCheck', () => {
  const checkOf = (document: object) => {
    const { health, ports } = testService('web', document);
    return renderHealthCheck(health!, ports);
  };

  it('asks for the readiness until it has succeeded once, and for the liveness then', () => {
    const check = checkOf({ health: { exec: ['alive'], readiness: { exec: ['ready'] } } });
    expect(check.Test[1]).toBe(
      'if [ -e /dev/shm/berth-ready ]; then alive; else alive && ready && : > /dev/shm/berth-ready; fi',
    );
  });

  it('asks one question where all are the same', () => {
    expect(checkOf({ health: { exec: ['pg_isready', '-h', "it's"] } }).Test).toEqual([
      'CMD-SHELL',
      "pg_isready -h 'it'\\''s'",
    ]);
  });

  it('counts failures only once the start may be over', () => {
    expect(checkOf({ health: { exec: ['x'], startSeconds: 20 } })).toMatchObject({
      StartPeriod: 20e9,
      Interval: 2e9,
      Retries: 15,
    });
  });

  it('tells by the kernel alone whether somebody listens on a port', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const ask = (number: number) => {
      const check = checkOf({
        ports: [{ name: 'tcp', port: number, appProtocol: 'tcp' }],
        health: { tcp: true },
      });
      return spawnSync('/bin/sh', ['-c', check.Test[1] ?? '']).status;
    };
    const open = ask(port);
    await new Promise((closed) => server.close(closed));
    expect([open, ask(port)]).toEqual([0, 1]);
  });
});
