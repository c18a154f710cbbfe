/** What a program prints of a fault, and what to type then. */
export type Sign = readonly [sign: RegExp, hint: string];

/** How Docker and containers/image print an answer that is no JSON of a registry. */
const answered = (codes: string) => `(?:HTTP|StatusCode:|HTTP status:) ${codes}\\b`;

/**
 * Faults of registries, in the words of Go's HTTP client and of the registries, which all engines pass on.
 * @param plainHttp how to let the engine speak plain http
 */
export function registrySigns(program: string, plainHttp: string): readonly Sign[] {
  return [
    [/server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/i, plainHttp],
    [
      new RegExp(
        `unauthorized|denied: requested access|no basic auth credentials|authentication required|access to the resource is denied|${answered('40[13]')}`,
        'i',
      ),
      `Log in to the registry that the message names, as somebody who may push there: ${program} login <registry>`,
    ],
    [
      new RegExp(`toomanyrequests|too many requests|${answered('429')}`, 'i'),
      'The registry has had too many requests: wait, then run the same command again.',
    ],
    [
      new RegExp(`unknown: unknown error|${answered('5\\d\\d')}`, 'i'),
      'The registry cannot do it: see its log, and whether its disk is full; then run the same command again.',
    ],
    [
      /tcp .*(connection reset|broken pipe|use of closed network connection)|(Patch|Put) .*: (unexpected )?EOF/i,
      'The registry went away: see whether it runs, then run the same command again, which sends what it lacks.',
    ],
    [
      /no such host|temporary failure in name resolution|server misbehaving/i,
      'See whether the name is right and DNS answers: getent hosts <the name in the message>',
    ],
    [
      /connection refused|i\/o timeout|Client\.Timeout|TLS handshake timeout/i,
      'See whether the registry runs: curl -i http://<registry>/v2/ ; that of the local cluster comes up with: npm start',
    ],
  ];
}
