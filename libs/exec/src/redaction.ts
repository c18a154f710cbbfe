/** Replaces every one of `secrets` in `text` by `***`. Longer ones first, so that none leaves a tail behind. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  return secrets
    .filter((secret) => secret !== '')
    .toSorted((a, b) => b.length - a.length)
    .reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text);
}
