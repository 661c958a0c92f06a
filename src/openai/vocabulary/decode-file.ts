import { GatewayError } from '../../base/errors.ts';
import { parseDataUrl, readBase64 } from '../../base/data-url.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import { missingParameter } from '../request/refusals.ts';

/** Content of a file part. */
interface FileContent {
  /** A `data:` URL, or only its base64. */
  readonly file_data?: string | null | undefined;
  readonly filename?: string | null | undefined;
}

/** Media types of files that may be text, which their bytes decide. */
const TEXT_TYPES =
  /^(text\/|application\/(json|xml|x?-?yaml|toml|javascript|x-|sql|graphql|octet-stream|.*\+(json|xml)$)|$)/i;

/** Decodes a text file into the text that the model reads: its content between two lines that name it. */
export function decodeFile({ file_data: data, filename }: FileContent, path: JsonPath): string {
  const param = formatPath([...path, 'file_data']);
  if (typeof data !== 'string') throw missingParameter(param);
  const { mediaType, bytes } = readData(data);
  const text = bytes !== undefined && TEXT_TYPES.test(mediaType) ? decodeText(bytes) : undefined;
  if (text === undefined) {
    throw new GatewayError(
      'unsupported_value',
      `Invalid '${param}': only text files in UTF-8 are supported, sent as base64. Send the content of other files as text, and images as image_url parts.`,
      { param },
    );
  }
  return `<file name=${JSON.stringify(filename ?? 'file')}>\n${text}\n</file>`;
}

/** Returns the bytes of a file; undefined for a `data:` URL that is not base64, which might be mistaken for it. */
function readData(data: string): { readonly mediaType: string; readonly bytes: Buffer | undefined } {
  if (!/^\s*data:/i.test(data)) return { mediaType: '', bytes: readBase64(data)?.bytes };
  return parseDataUrl(data) ?? { mediaType: '', bytes: undefined };
}

/** Returns undefined if the bytes are not text. */
function decodeText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
