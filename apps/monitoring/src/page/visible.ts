/** What moves the cursor, hides or turns text around, but for the tabulator. */
const invisible = /[^\P{Cc}\t]|[\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text with every control and formatting character in sight, so that none has an effect. */
export function visible(text: string): string {
  return text.replace(invisible, (character) => {
    const code = character.codePointAt(0) ?? 0;
    // Unicode has pictures of the first ones.
    return code < 0x20
      ? String.fromCharCode(0x2400 + code)
      : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}
