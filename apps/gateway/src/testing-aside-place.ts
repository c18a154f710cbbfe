/* Only tests use this. */

const multiplier = 0x5bd1e995;
/** GATEWAY_ASIDE_PLACES of module/numbers.h. */
const places = 256;

/** The place that the module gives an endpoint among those that are set aside: nginx' MurmurHash2 of its address. */
export function asidePlace(address: string): number {
  const bytes = Buffer.from(address);
  let hash = bytes.length;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), multiplier);
    word = Math.imul(word ^ (word >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  const rest = bytes.subarray(at);
  rest.forEach((byte, index) => (hash ^= byte << (8 * index)));
  if (rest.length > 0) hash = Math.imul(hash, multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return ((hash ^ (hash >>> 15)) >>> 0) % places;
}
