/** Control characters, which a terminal would obey, and marks that turn the direction of text, but no line breaks and tabs. */
// oxlint-disable-next-line no-control-regex -- They are what is looked for.
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

/** Makes control characters visible: text of a model or a file must not be able to hide what a person decides about. */
export function showControls(text: string): string {
  return text.replaceAll(CONTROLS, (sign) => {
    const code = sign.codePointAt(0)!;
    if (code < 0x20) return String.fromCodePoint(0x24_00 + code);
    return code === 0x7f ? '\u2421' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}
