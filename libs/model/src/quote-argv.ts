const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** An argv as one would type it into a POSIX shell: for people to read and paste, and for the shell that sshd starts. */
export function quoteArgv(argv: readonly string[]): string {
  return argv.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
