/* Only tests use this: a body of `/table` as the controller writes it, with anything in the place of its routes. */

export function tableBody(head: object, field: 'routes' | 'set', routes: unknown): string {
  if (typeof routes !== 'object' || routes === null || Array.isArray(routes))
    return JSON.stringify({ ...head, [field]: routes });
  const lines = Object.entries(routes).map(
    ([host, route]) => `${JSON.stringify(host)}:${JSON.stringify(route)}`,
  );
  const opening = JSON.stringify({ ...head, [field]: {} }).slice(0, -2);
  return [opening, lines.join(',\n'), '}}'].filter(Boolean).join('\n');
}
