const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  m: 1e-3,
};

/** The number that a Kubernetes quantity says, for example 134217728 for `128Mi`, 0.1 for `100m`. */
export function quantity(text: string): number {
  const [, number = '', unit = ''] = /^([0-9.]+)([a-zA-Z]*)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (number === '' || factor === undefined) throw new Error(`${text} is no quantity`);
  return Number(number) * factor;
}

/** Docker's unit of CPU time. */
export function nanoCpus(cpu: string): number {
  return Math.round(quantity(cpu) * 1e9);
}

export function bytes(memory: string): number {
  return Math.round(quantity(memory));
}
