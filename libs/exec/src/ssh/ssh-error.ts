import { quoteArgv, UserError } from '@berth/model';
import type { Completed } from '../runner';
import type { SshHost } from './ssh-runner';

/** A host that ssh did not get to, or did not get into. */
export class SshError extends UserError {
  override readonly name = 'SshError';
}

/** What ssh itself says by exit code 255, in a person's words. */
export function sshFailure(host: SshHost, { stderr }: Pick<Completed, 'stderr'>): SshError {
  const [problem, hint] = explain(host, stderr);
  return new SshError(`${host.destination}: ${problem}`, hint);
}

function explain(host: SshHost, stderr: string): [problem: string, hint: string] {
  const address = host.destination.replace(/^.*@/, '');
  const [knownHosts = '~/.ssh/known_hosts'] = host.knownHosts;
  const config = host.configuration === undefined ? [] : ['-F', host.configuration];
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/i.test(stderr)) {
    const [, file = knownHosts, line] = /Offending .*key in (.+):(\d+)/.exec(stderr) ?? [];
    const [, name = address] = /Host key for (\S+) has changed/.exec(stderr) ?? [];
    return [
      `its host key is not the one that is known${line ? ` (${file}, line ${line})` : ''}: it was installed anew, or it is another machine`,
      [
        'Ask whoever keeps it for the fingerprint of its key, compare it with what this prints, and take it in:',
        `ssh-keygen -R ${quoteArgv([name])} -f ${quoteArgv([file])}`,
        `ssh-keyscan -t ed25519 ${quoteArgv([address])} | tee -a ${quoteArgv([file])} | ssh-keygen -lf -`,
      ].join('\n'),
    ];
  }
  if (/Host key verification failed|No .* host key is known/i.test(stderr)) {
    return [
      `its host key is not known (${host.knownHosts.join(', ')})`,
      [
        'Compare its fingerprint with what this prints, which takes it in:',
        `ssh-keyscan -t ed25519 ${quoteArgv([address])} | tee -a ${quoteArgv([knownHosts])} | ssh-keygen -lf -`,
      ].join('\n'),
    ];
  }
  if (/Permission denied/i.test(stderr)) {
    return [
      `it does not let us in: ${lastLine(stderr)}`,
      `Put your key there, and see that this asks for nothing: ${quoteArgv(['ssh', ...config, '-o', 'BatchMode=yes', host.destination, 'true'])}`,
    ];
  }
  return [
    `it cannot be reached by ssh: ${lastLine(stderr) || 'the connection was lost'}`,
    `See what ssh says: ${quoteArgv(['ssh', '-v', ...config, host.destination, 'true'])}`,
  ];
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
