import { GatewayError } from '../base/errors.ts';
import { cleanBase64, parseDataUrl } from '../base/data-url.ts';
import { formatPath, type JsonPath } from '../base/json-path.ts';
import { missingParameter } from './refusals.ts';

export interface GivenFile {
  /** A `data:` URL, or base64 alone. */
  readonly file_data?: string | null | undefined;
  readonly filename?: string | null | undefined;
}

/** Media types whose files are worth looking at; whether one is a text is seen in its bytes. */
const TEXT_TYPES =
  /^(text\/|application\/(json|xml|x?-?yaml|toml|javascript|x-|sql|graphql|octet-stream|.*\+(json|xml)$)|$)/i;

/** The text by which a file goes to the model: its content between two lines that name it. */
export function decodeFile({ file_data: data, filename }: GivenFile, place: JsonPath): string {
  const param = formatPath([...place, 'file_data']);
  if (typeof data !== 'string') throw missingParameter(param);
  const { mediaType, base64 } = splitData(data);
  const text = base64 !== undefined && TEXT_TYPES.test(mediaType) ? decodeText(base64) : undefined;
  if (text === undefined) {
    throw new GatewayError(
      'unsupported_value',
      `Invalid '${param}': only text files in UTF-8 are supported, sent as base64. Send what a file says as text, and images as image_url parts.`,
      { param },
    );
  }
  return `<file name=${JSON.stringify(filename ?? 'file')}>\n${text}\n</file>`;
}

/** The base64 is undefined for a URL with data in another form, which might be mistaken for it. */
function splitData(data: string): { mediaType: string; base64: string | undefined } {
  if (!/^\s*data:/i.test(data)) return { mediaType: '', base64: cleanBase64(data) };
  return parseDataUrl(data) ?? { mediaType: '', base64: undefined };
}

/** Undefined where the bytes are no text. */
function decodeText(base64: string): string | undefined {
  try {
    const bytes = bytesOf(atob(base64));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** By a plain loop: a file may have tens of megabytes. */
function bytesOf(binary: string): Uint8Array {
  const bytes = new Uint8Array(binary.length);
  for (let place = 0; place < binary.length; place += 1) bytes[place] = binary.charCodeAt(place);
  return bytes;
}
