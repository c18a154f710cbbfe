/**
 * Characters of a value, or of a line of it, below which nothing of it is masked: it would be found everywhere. Spaces
 * around it do not count: lines are indented by them.
 */
export const shortestMasked = 4;

/** A text by which a value is known. */
export interface Form {
  text: string;
  /** A part of base64 text: what stands around it may be the rest of the value. */
  isBase64?: true;
}

/**
 * Every form in which a secret is looked for in a line: as it is, each of its lines, a password in a URL; and of these
 * what JSON, URLs, base64 and hexadecimal digits make of them.
 */
export function formsOf(value: Buffer): Form[] {
  const text = value.toString('utf8');
  const parts = [text, ...text.split(/\r\n|[\n\r]/), ...passwordIn(text)];
  const texts = unique(parts.flatMap((part) => [part, part.trim()])).filter(hasEnough);
  const bytes = hasEnough(text) ? [value] : [];
  return [
    ...unique(texts.flatMap((each) => [each, ...jsonForms(each), ...urlForms(each)])).map((form) => ({
      text: form,
    })),
    ...[...bytes, ...texts.map((each) => Buffer.from(each))].flatMap(byteForms),
  ].filter(({ text: form }) => hasEnough(form) && !/[\n\r]/.test(form));
}

function hasEnough(text: string): boolean {
  return text.trim().length >= shortestMasked;
}

/** `postgres://desk:hunter2@store/desk` → `hunter2`, as it is written and as it is meant. */
function passwordIn(text: string): string[] {
  const password = URL.canParse(text) ? new URL(text).password : '';
  return password === '' ? [] : [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As text in JSON, as JavaScript, Python and Go write it, and once more within JSON in JSON. */
function jsonForms(text: string): string[] {
  const plain = escaped(text);
  const escapedSlash = plain.replaceAll('/', '\\/');
  const safeInHtml = plain.replace(/[<>&\u2028\u2029]/g, unicodeEscape);
  const ascii = plain.replace(/[\u007f-\uffff]/g, unicodeEscape);
  const forms = [plain, escapedSlash, safeInHtml, ascii];
  const upper = forms.map((form) =>
    form.replace(/\\u([0-9a-f]{4})/g, (_, digits: string) => `\\u${digits.toUpperCase()}`),
  );
  return [...forms, ...upper, ...forms.map(escaped)];
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** As a part of a URL, as a form, with every mark escaped and with few of them. */
function urlForms(text: string): string[] {
  const part = encodeURIComponent(text);
  const strict = part.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms = [
    part,
    strict,
    part.replaceAll('%2F', '/'),
    strict.replaceAll('%2F', '/'),
    strict.replaceAll('%20', '+'),
    encodeURI(text),
    new URLSearchParams([['', text]]).toString().slice(1),
  ];
  return [...forms, ...forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/** In hexadecimal digits, and in base64 wherever in it the value begins: as in that of `user:password`. */
function byteForms(bytes: Buffer): Form[] {
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].map((skipped) => {
    const rest = bytes.subarray(skipped);
    return rest.subarray(0, rest.length - (rest.length % 3)).toString('base64');
  });
  return [
    { text: hex },
    { text: hex.toUpperCase() },
    ...unique([...base64, ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))]).map(
      (text): Form => ({ text, isBase64: true }),
    ),
  ];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
