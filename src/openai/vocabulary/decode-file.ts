import { GatewayError } from '../../base/errors.ts';
import { parseDataUrl, readBase64 } from '../../base/data-url.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import { missingParameter } from '../request/refusals.ts';

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
  const { mediaType, bytes } = readData(data);
  const text = bytes !== undefined && TEXT_TYPES.test(mediaType) ? decodeText(bytes) : undefined;
  if (text === undefined) {
    throw new GatewayError(
      'unsupported_value',
      `Invalid '${param}': only text files in UTF-8 are supported, sent as base64. Send what a file says as text, and images as image_url parts.`,
      { param },
    );
  }
  return `<file name=${JSON.stringify(filename ?? 'file')}>\n${text}\n</file>`;
}

/** The bytes are undefined for a URL with data in another form, which might be mistaken for base64. */
function readData(data: string): { readonly mediaType: string; readonly bytes: Buffer | undefined } {
  if (!/^\s*data:/i.test(data)) return { mediaType: '', bytes: readBase64(data)?.bytes };
  return parseDataUrl(data) ?? { mediaType: '', bytes: undefined };
}

/** Returns undefined if the bytes are no text. */
function decodeText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
