import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ProgramError, type Runner } from '@berth/exec';
import { Tunnel } from './tunnel';

const destination = 'ana@manager';
const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

/** An ssh that opens the way, and then says these lines, until it is ended. */
const opening = (...lines: string[]): Runner & { socket: string; end: () => void } => {
  const ssh = {
    socket: '',
    end: () => undefined as void,
    run: (argv: readonly string[], options: Parameters<Runner['run']>[1] = {}) => {
      ssh.socket = argv[argv.indexOf('-L') + 1]?.split(':')[0] ?? '';
      writeFileSync(ssh.socket, '');
      for (const line of lines) options.onLine?.(line, 'stderr');
      return new Promise<never>((_, ended) => {
        ssh.end = () => ended(new Error('killed'));
        options.signal?.addEventListener('abort', ssh.end);
      });
    },
  };
  return ssh;
};

const failing = (stderr: string): Runner => ({
  run: async (argv) => {
    throw new ProgramError({ argv, exitCode: 255, stdout: '', stderr }, { kind: 'exit', exitCode: 255 });
  },
});

it('says when there is no way any more, and leaves no folder', async () => {
  const ssh = opening();
  const tunnel = await Tunnel.open({ destination, port: 2222 }, ssh);
  expect(tunnel.socketPath).toBe(ssh.socket);
  ssh.end();
  await tunnel.ended;
  expect(existsSync(dirname(ssh.socket))).toBe(false);
});

it('says that the other end does not open, and what may be the reason', async () => {
  const lines = [
    'Pseudo-terminal will not be allocated',
    'channel 2: open failed: connect failed: open failed',
  ];
  const tunnel = await Tunnel.open({ destination }, opening(...lines));
  expect(tunnel.refusal(new Error('exit code 1'))).toBeUndefined();
  expect(tunnel.refusal(lost)).toMatchObject({
    message: expect.stringMatching(
      /nobody answers at \/var\/run\/docker\.sock.*\(open failed: connect failed/,
    ),
    hint: expect.stringContaining('ssh ana@manager docker version'),
  });
  tunnel.close();
  await tunnel.ended;
});

it('has nothing to say of what is lost later', async () => {
  const tunnel = await Tunnel.open({ destination }, opening());
  expect(tunnel.refusal(lost)).toBeUndefined();
  tunnel.close();
  await tunnel.ended;
});

it('says what keeps ssh from getting there', async () => {
  const refused = (stderr: string) => Tunnel.open({ destination }, failing(stderr));
  await expect(refused('Host key verification failed.')).rejects.toMatchObject({
    message: 'No way to dockerd on ana@manager: its host key is not known (~/.ssh/known_hosts)',
    hint: expect.stringContaining('ssh-keyscan -t ed25519 manager'),
  });
  await expect(refused('ana@manager: Permission denied (publickey).')).rejects.toThrow(/does not let us in/);
});
