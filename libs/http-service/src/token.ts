import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Variables } from './variables';

/** Fewer characters can be guessed. */
const shortestToken = 16;

/** The token that a variable holds. @throws Error that names it, and what was expected; the value is not shown */
export function tokenOf(env: Variables, name: string): string {
  const token = env[name] ?? '';
  if (token.length < shortestToken)
    throw new Error(`${name} must have at least ${shortestToken} characters, not ${token.length}`);
  return token;
}

/** Whether a request has the token, as `Authorization: Bearer`. */
export function hasToken({ authorization }: IncomingHttpHeaders, token: string): boolean {
  const [, bearer] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? [];
  return bearer !== undefined && isSameText(bearer, token);
}

/** Whether two secret texts are the same; takes as long wherever they differ. */
export function isSameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
