import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '@berth/exec';
import type { Endpoint } from '../engine';

/**
 * The address that a container gets besides 127.0.0.1, for documentation only by RFC 5737: what listens at 127.0.0.1
 * alone is not reached in a cluster, and must not be here.
 */
const ADDRESS = '192.0.2.1';

/**
 * Leads a port of 127.0.0.1 to a port of a container that has a network of its own. Neither a bridge nor a firewall
 * rule is made for it, so none can be left behind, and two containers may listen at the same port.
 */
export class PortForward {
  private constructor(
    readonly endpoint: Endpoint,
    private readonly server: Server,
    private readonly inside: Inside,
  ) {}

  /**
   * @param pid of the container's first process
   * @throws ProgramError when its network cannot be entered
   */
  static async open(pid: number, port: number, runner: Runner): Promise<PortForward> {
    const inside = await Inside.enter(pid, port, runner);
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
      inside.connect().then(
        (socket) => {
          client.on('error', () => socket.destroy());
          socket.on('error', () => client.destroy());
          client.pipe(socket).pipe(client);
        },
        () => client.destroy(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PortForward(
      { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
      server,
      inside,
    );
  }

  /** Because this side takes a connection before the container has. @throws Error when nothing listens there */
  async refuseClosed(): Promise<void> {
    const socket = await this.inside.connect();
    socket.destroy();
  }

  async close(): Promise<void> {
    this.server.close();
    await this.inside.leave();
  }
}

/** A program inside the container's network, and the unix socket by which it is spoken to. */
class Inside {
  private constructor(
    private readonly port: number,
    private readonly folder: string,
    private readonly ended: AbortController,
    private readonly running: Promise<unknown>,
  ) {}

  static async enter(pid: number, port: number, runner: Runner): Promise<Inside> {
    const enter = ['nsenter', '--target', String(pid), '--net', ...asUser(), '--'];
    // Another port may have brought it: then ip exits with 2.
    await runner.run([...enter, 'ip', 'address', 'add', `${ADDRESS}/32`, 'dev', 'lo'], { expect: [0, 2] });
    const folder = await mkdtemp(join(tmpdir(), 'berth-port-'));
    const ended = new AbortController();
    const program = [process.execPath, join(__dirname, 'forward.mjs'), join(folder, 'socket')];
    let running: Promise<unknown> = Promise.resolve();
    const ready = new Promise<void>((resolve, reject) => {
      running = runner
        .run([...enter, ...program, ADDRESS, String(port)], {
          signal: ended.signal,
          env: { NODE_OPTIONS: undefined },
          onLine: () => resolve(),
        })
        .catch(reject);
    });
    try {
      await ready;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return new Inside(port, folder, ended, running);
  }

  /** A connection that the container has taken. */
  connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ path: join(this.folder, 'socket'), allowHalfOpen: true });
      const refuse = () => reject(new Error(`nothing listens at port ${this.port}`));
      socket.once('error', refuse).once('close', refuse).once('end', refuse);
      socket.once('data', (first: Buffer) => {
        socket.pause();
        socket.removeListener('error', refuse).removeListener('end', refuse);
        if (first.length > 1) socket.unshift(first.subarray(1));
        resolve(socket);
      });
    });
  }

  async leave(): Promise<void> {
    this.ended.abort();
    await this.running;
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Without root, the network belongs to a user namespace that has to be entered with it. */
function asUser(): string[] {
  return process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
}
