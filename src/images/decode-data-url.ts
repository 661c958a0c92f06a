/**
 * The bytes of a base64 `data:` URL; undefined where it is none, or is written in a way that the app-server does not
 * read: white space, another alphabet, no padding.
 */
export function decodeDataUrl(url: string): Buffer | undefined {
  const comma = url.indexOf(',');
  if (comma === -1 || !/^data:[^,]*;base64$/i.test(url.slice(0, comma))) return undefined;
  const encoded = url.slice(comma + 1);
  const wellFormed = encoded.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(encoded);
  return wellFormed ? Buffer.from(encoded, 'base64') : undefined;
}
