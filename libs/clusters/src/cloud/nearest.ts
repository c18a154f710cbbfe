import { nearestName } from '@berth/model';

/** The nearest few: those that are spelled alike, then those that begin alike; for a hint. */
export function nearestOnes(name: string, candidates: readonly string[], limit = 5): string {
  const found: string[] = [];
  for (;;) {
    const nearest = nearestName(
      name,
      candidates.filter((candidate) => !found.includes(candidate)),
    );
    if (nearest === undefined || found.length === limit) break;
    found.push(nearest);
  }
  const family = /^[a-z0-9]*/.exec(name)?.[0] ?? '';
  const alike = candidates.filter((one) => one.startsWith(family) && !found.includes(one)).sort();
  const shown = [...found, ...alike].slice(0, limit);
  return shown.length > 0
    ? `The nearest are ${shown.join(', ')}.`
    : `There are ${candidates.slice(0, limit).join(', ')}${candidates.length > limit ? ', …' : ''}.`;
}
