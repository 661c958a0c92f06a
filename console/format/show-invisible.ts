/** Characters that nobody sees, or that change the direction or the place of others. Tabs and line ends are none of them. */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Returns a foreign text in which every character is what it seems to be: what cannot be seen is named, as in `<U+202E>`. */
export function showInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    return `<U+${code}>`;
  });
}

/** Returns a name in the same way, on one line. */
export function showName(name: string): string {
  return showInvisible(name).replaceAll('\n', '<U+000A>').replaceAll('\t', '<U+0009>');
}

// oxlint-disable-next-line no-control-regex
const TERMINAL_CODES = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g;

/** Returns what a command has printed, without the codes that color it, and with each line as it was written last. */
export function showOutput(text: string): string {
  const plain = text.replace(TERMINAL_CODES, '').replaceAll('\r\n', '\n');
  return showInvisible(plain.replaceAll(/^.*\r(?!$)/gm, '').replaceAll('\r', ''));
}
