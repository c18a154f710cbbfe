/** What a program prints of a fault, and what to type then. */
export type Sign = readonly [sign: RegExp, hint: string];

/**
 * Faults of registries, in the words of Go's HTTP client and of the registries, which all engines pass on.
 * @param plainHttp how to let the engine speak plain http
 */
export function registrySigns(program: string, plainHttp: string): readonly Sign[] {
  return [
    [/server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/i, plainHttp],
    [
      /unauthorized|denied: requested access|no basic auth credentials|authentication required|access to the resource is denied/i,
      `Log in to the registry that the message names: ${program} login <registry>`,
    ],
    [
      /toomanyrequests|too many requests/i,
      'The registry has had too many requests: wait, then run the same command again.',
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
