import { UserError } from '@berth/model';
import { quoteArgv } from './quote';
import { redactText } from './redaction';
import type { Completed } from './runner';

/** Why a program did not do what was asked. */
export type Failure =
  | { kind: 'not-found' }
  | { kind: 'not-started'; reason: string }
  | { kind: 'exit'; exitCode: number }
  | { kind: 'signal'; signal: string }
  | { kind: 'timeout'; milliseconds: number }
  | { kind: 'aborted' };

const SHOWN_LINES = 15;

/** Debian packages of the programs that Berth starts, where the package has another name than the program. */
const DEBIAN_PACKAGES: Readonly<Record<string, string>> = {
  docker: 'docker.io',
  dockerd: 'docker.io',
  ip: 'iproute2',
  nft: 'nftables',
  sysctl: 'procps',
  'iptables-save': 'iptables',
  'iptables-restore': 'iptables',
  umount: 'mount',
  ctr: 'containerd',
};

/** Not in Debian 12: where they come from instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  go: 'install Go from https://go.dev/dl/ and put its bin folder in PATH',
  kubectl: 'install kubectl: https://kubernetes.io/docs/tasks/tools/',
  gcloud: 'install the Google Cloud CLI: https://cloud.google.com/sdk/docs/install',
  aws: 'install the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
};

/** A program could not be started, exited with an unexpected code, or was ended. Its message is safe to print. */
export class ProgramError extends UserError {
  override readonly name = 'ProgramError';
  readonly argv: readonly string[];
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;

  constructor(
    completed: Completed,
    readonly failure: Failure,
    secrets: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message(completed, failure, secrets), hint(completed, failure), options);
    this.argv = completed.argv.map((word) => redactText(word, secrets));
    this.exitCode = completed.exitCode;
    this.stdout = redactText(completed.stdout, secrets);
    this.stderr = redactText(completed.stderr, secrets);
  }
}

function message(completed: Completed, failure: Failure, secrets: readonly string[]): string {
  const command = redactText(quoteArgv(completed.argv), secrets);
  const output = lastLines(redactText(`${completed.stdout}\n${completed.stderr}`, secrets));
  return [`${command}\n${describe(failure, completed.argv[0] ?? '')}`, ...output].join('\n  ');
}

function describe(failure: Failure, program: string): string {
  switch (failure.kind) {
    case 'not-found':
      return `the program ${program} is not installed, or not in PATH`;
    case 'not-started':
      return `could not be started: ${failure.reason}`;
    case 'exit':
      return `exited with code ${failure.exitCode}`;
    case 'signal':
      return `was ended by ${failure.signal}`;
    case 'timeout':
      return `was ended after ${failure.milliseconds / 1000} s without having finished`;
    case 'aborted':
      return 'was ended because it is no longer wanted';
  }
}

function hint({ argv }: Completed, failure: Failure): string | undefined {
  if (failure.kind !== 'not-found') return undefined;
  const program = (argv[0] ?? '').split('/').at(-1) ?? '';
  return (
    ELSEWHERE[program] ?? `apt-get install -y --no-install-recommends ${DEBIAN_PACKAGES[program] ?? program}`
  );
}

function lastLines(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-SHOWN_LINES);
}
