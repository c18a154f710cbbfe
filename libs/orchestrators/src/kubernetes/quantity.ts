const units: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity as a number; what is not there or not understood is `unknown`. */
export function quantity(text: string | number | undefined, unknown = Infinity): number {
  const match = /^([0-9.]+(?:[eE][0-9]+)?)([numkMGTPE]?|[KMGTPE]i)$/.exec(String(text ?? ''));
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? 1) : unknown;
}

/** A number as Kubernetes writes it: `0.4`, `512Mi`. */
export function quantityText(value: number): string {
  const unit = ['Ti', 'Gi', 'Mi', 'Ki'].find((name) => value >= (units[name] ?? 1) && value >= 2 ** 20);
  return `${Number((value / (units[unit ?? ''] ?? 1)).toFixed(3))}${unit ?? ''}`;
}
