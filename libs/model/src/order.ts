/** Names in an order in which each comes after what it needs, or the first circle found (`a → b → a`). */
export type Order = { order: string[] } | { cycle: string[] };

/** Depth first over the names in alphabetical order, so the same set gives the same order. Needs outside the set are passed over. */
export function orderByNeeds(needs: ReadonlyMap<string, readonly string[]>): Order {
  const order: string[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  function visit(name: string): string[] | undefined {
    if (done.has(name)) return undefined;
    const start = trail.indexOf(name);
    if (start >= 0) return [...trail.slice(start), name];
    trail.push(name);
    for (const need of [...(needs.get(name) ?? [])].sort()) {
      const cycle = needs.has(need) ? visit(need) : undefined;
      if (cycle) return cycle;
    }
    trail.pop();
    done.add(name);
    order.push(name);
    return undefined;
  }
  for (const name of [...needs.keys()].sort()) {
    const cycle = visit(name);
    if (cycle) return { cycle };
  }
  return { order };
}
