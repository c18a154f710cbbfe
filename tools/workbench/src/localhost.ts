import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';

/**
 * Looks a host up as browsers and curl do: localhost and every name below it are this machine (RFC 6761, 6.3). The
 * C library, which Node asks, knows only the bare name unless a name service module is installed for it.
 */
const lookup: LookupFunction = (host, options, callback) => {
  if (host !== 'localhost' && !host.endsWith('.localhost')) return systemLookup(host, options, callback);
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

/** A dispatcher for undici that reaches `<anything>.localhost`. Whoever makes it closes it. */
export function localhostAgent(): Agent {
  return new Agent({ connect: { lookup } });
}

/** A dispatcher for undici that connects to one place, whatever host a request is for. Whoever makes it closes it. */
export function agentTo(place: string): Agent {
  return new Agent({ connect: { lookup: (_host, options, callback) => lookup(place, options, callback) } });
}
