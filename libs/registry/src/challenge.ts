/** What a registry wants to be asked with. */
export interface Challenge {
  scheme: 'bearer' | 'basic';
  /** For example `realm`, `service`, `scope`; names in lower case. */
  parameters: Record<string, string>;
}

/** A parameter `name=value` or `name="value"`, or else the name of a scheme (RFC 9110, 11). */
const PART = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))|([\w-]+)/g;

/**
 * The challenge of a WWW-Authenticate header that is answered: a token goes before user and password, which would
 * be sent with every request.
 */
export function challengeIn(header: string): Challenge | undefined {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  for (const [, name, quoted, plain, scheme] of header.matchAll(PART)) {
    if (scheme !== undefined) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    const last = challenges.at(-1);
    if (name === undefined || !last) continue;
    last.parameters[name.toLowerCase()] = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '';
  }
  for (const scheme of ['bearer', 'basic'] as const) {
    const found = challenges.find((challenge) => challenge.scheme === scheme);
    if (found) return { scheme, parameters: found.parameters };
  }
  return undefined;
}
