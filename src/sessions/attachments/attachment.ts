import { createPace, type Pace } from '../../base/async/pace.ts';
import { parseLongDataUrl } from '../../base/data-url.ts';
import { GatewayError } from '../../base/errors.ts';
import type { MessageAttachment } from '../events/shapes.ts';

/** Maximum bytes of one attachment. */
const MAX_BYTES = 20 * 1024 * 1024;
/** Maximum characters of an image that the messages of a session show, since snapshots repeat them. */
const MAX_SHOWN_CHARACTERS = 64 * 1024;

const IMAGE_EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

/** Rejects with a `GatewayError` for attachments that cannot be decoded, before anything is kept of them. */
export async function checkAttachments(attachments: readonly MessageAttachment[]): Promise<void> {
  const pace = createPace();
  for (const [index, attachment] of attachments.entries()) await decodeAttachment(attachment, index, pace);
}

/** Decodes an attachment. Throws a `GatewayError` that names it by its index. */
export async function decodeAttachment(
  { data_url: url }: MessageAttachment,
  index: number,
  pace: Pace,
): Promise<Buffer> {
  const param = `attachments[${index}].data_url`;
  const refuse = (problem: string) =>
    new GatewayError('invalid_value', `Invalid '${param}': ${problem}.`, { param });
  if (url.length > (MAX_BYTES / 3) * 4 + 1000)
    throw refuse(`an attachment has at most ${MAX_BYTES / (1024 * 1024)} MB`);
  const bytes = (await parseLongDataUrl(url, pace))?.bytes;
  if (bytes === undefined) throw refuse('expected a data: URL with base64');
  return bytes;
}

/** Returns the extension of an image that models see; undefined for every other file. */
export function imageExtensionOf({ mime_type: given, data_url: url }: MessageAttachment): string | undefined {
  const type = /^data:([^;,]*)/i.exec(url.slice(0, 300))?.[1]?.trim() || given;
  return IMAGE_EXTENSIONS[type.toLowerCase()];
}

/** Returns an attachment as the messages of a session show it: large data is left out. */
export function showAttachment(attachment: MessageAttachment): MessageAttachment {
  const isShown =
    imageExtensionOf(attachment) !== undefined && attachment.data_url.length <= MAX_SHOWN_CHARACTERS;
  return isShown ? attachment : { ...attachment, data_url: '' };
}
