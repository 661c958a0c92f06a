/** A `data:` URL whose data is base64. */
export interface DataUrl {
  /** The same URL in the one form that every reader of it understands. */
  readonly url: string;
  readonly mediaType: string;
  /** In the standard alphabet, padded, and nothing else. */
  readonly base64: string;
}

/** Characters of what stands before the data. */
const MAX_HEAD = 300;

const HEAD = /^\s*data:([^;,]*)(;[^,]*)?;\s*base64\s*$/i;
const CLEAN_HEAD = /^data:[^\s,]*;base64$/i;

/** Returns undefined for what is no `data:` URL, or has its data in another form than base64. */
export function parseDataUrl(url: string): DataUrl | undefined {
  const comma = url.slice(0, MAX_HEAD).indexOf(',');
  if (comma === -1) return undefined;
  const head = url.slice(0, comma);
  const mediaType = HEAD.exec(head)?.[1]?.trim();
  if (mediaType === undefined) return undefined;
  const data = url.slice(comma + 1);
  const base64 = cleanBase64(data);
  if (base64 === undefined) return undefined;
  const isClean = base64 === data && CLEAN_HEAD.test(head);
  return { url: isClean ? url : `data:${mediaType};base64,${base64}`, mediaType, base64 };
}

/**
 * Returns base64 in its standard form: clients break it into lines, leave its padding out, use the alphabet of URLs or
 * percent-encode it. Returns undefined for what is no base64.
 */
export function cleanBase64(text: string): string | undefined {
  if (text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return withZeroBits(text);
  const decoded = text.includes('%') ? decodePercents(text) : text;
  const padded = decoded.replaceAll(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  const plain = withoutPadding(padded);
  if (plain.length % 4 === 1 || !/^[A-Za-z0-9+/]*$/.test(plain)) return undefined;
  return withZeroBits(plain.padEnd(Math.ceil(plain.length / 4) * 4, '='));
}

function decodePercents(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** A regular expression would search a long row of these again from each of them. */
function withoutPadding(text: string): string {
  let end = text.length;
  while (end > text.length - 2 && text.charAt(end - 1) === '=') end -= 1;
  return text.slice(0, end);
}

/** Sets the bits of the last letter that belong to no byte to zero: strict readers refuse others. */
function withZeroBits(text: string): string {
  if (!text.endsWith('=')) return text;
  const last = text.slice(-4);
  const clean = btoa(atob(last));
  return clean === last ? text : text.slice(0, -4) + clean;
}
