/** One step into a JSON value: a field's name or an array's index. */
export type PathStep = string | number;

/** Writes steps as a person would: `ports[0].port`, `services["foo-bar"].scale`. Empty for the whole value. */
export function formatPath(steps: readonly PathStep[]): string {
  return steps
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[$A-Za-z_][\w$]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
