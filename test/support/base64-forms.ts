/** Ways in which clients write base64 that others refuse, each made of its plain form. */
export const BASE64_FORMS: readonly [how: string, write: (plain: string) => string][] = [
  ['in lines', (plain) => plain.replaceAll(/.{20}/g, '$&\r\n')],
  ['with blanks', (plain) => ` ${plain.replaceAll(/.{7}/g, '$& \t')}`],
  ['without padding', (plain) => plain.replaceAll('=', '')],
  ['in the alphabet of URLs', (plain) => plain.replaceAll('+', '-').replaceAll('/', '_')],
  ['percent-encoded', (plain) => encodeURIComponent(plain)],
  ['percent-encoded in lower case', (plain) => plain.replaceAll('/', '%2f').replaceAll('=', '%3d')],
  [
    'in all these ways at once',
    (plain) => encodeURIComponent(`${plain.replaceAll('=', '').replaceAll('/', '_')}\n`),
  ],
];
