import { formsOf, shortestMasked, type Form } from './forms';

/** Shorter than whatever it stands for, so that masking comes to an end. */
const mask = '***';

/** What base64 text is made of, in both of its alphabets. */
const base64Character = /[A-Za-z0-9+/_=-]/;

/**
 * Masks these values in lines, in every form that `formsOf` knows. All places where a value stands are found before any
 * is masked, so that it does not matter which values are parts of others or overlap.
 * @returns masks one line, which has no line break
 */
export function maskerOf(values: readonly Buffer[]): (line: string) => string {
  const index = indexOf(values.flatMap(formsOf));
  return (line) => {
    // What is left beside a mask may be a value together with it.
    for (let text = line; ;) {
      const spans = spansIn(text, index);
      if (spans.length === 0) return text;
      text = masked(text, spans);
    }
  };
}

/** Forms by their first characters, then by their length: of many that begin alike each length is looked for once. */
type Index = ReadonlyMap<string, ReadonlyMap<number, ReadonlyMap<string, Form>>>;

function indexOf(forms: readonly Form[]): Index {
  const index = new Map<string, Map<number, Map<string, Form>>>();
  for (const form of forms) {
    const start = form.text.slice(0, shortestMasked);
    const byLength = index.get(start) ?? new Map<number, Map<string, Form>>();
    const byText = byLength.get(form.text.length) ?? new Map<string, Form>();
    // One value may be the base64 of another: then more goes with it.
    if (!byText.get(form.text)?.isBase64) byText.set(form.text, form);
    index.set(start, byLength.set(form.text.length, byText));
  }
  return index;
}

type Span = [from: number, to: number];

/** Where values stand, in the order of their beginnings. */
function spansIn(line: string, index: Index): Span[] {
  const spans: Span[] = [];
  for (let at = 0; at + shortestMasked <= line.length; at++)
    for (const [length, forms] of index.get(line.slice(at, at + shortestMasked)) ?? []) {
      const form = forms.get(line.slice(at, at + length));
      if (form) spans.push(spanOf(line, at, form));
    }
  return spans.sort(([one], [other]) => one - other);
}

function spanOf(line: string, at: number, { text, isBase64 }: Form): Span {
  let [from, to] = [at, at + text.length];
  if (isBase64) {
    while (base64Character.test(line[from - 1] ?? '')) from--;
    while (base64Character.test(line[to] ?? '')) to++;
  }
  return [from, to];
}

function masked(line: string, spans: readonly Span[]): string {
  let text = '';
  let end = 0;
  let begun = false;
  for (const [from, to] of spans) {
    if (!begun || from > end) text += `${line.slice(end, from)}${mask}`;
    begun = true;
    end = Math.max(end, to);
  }
  return text + line.slice(end);
}
