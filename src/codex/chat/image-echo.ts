import type { ContentItem } from '../../../generated/ContentItem.js';
import type { FunctionCallOutputContentItem } from '../../../generated/FunctionCallOutputContentItem.js';
import type { ResponseItem } from '../../../generated/ResponseItem.js';
import type { Pace } from '../../base/async/pace.ts';
import type { Adjustment } from '../../conversation/turn-event.ts';
import { imageError } from '../../conversation/ports/images.ts';
import type { ImagePart, Item } from '../../conversation/item.ts';
import { abbreviateText } from './profile/abbreviate.ts';
import { sentParts } from './encode/encode-item.ts';

/**
 * Compares an item's images with the app-server's echo of them and returns the changes; long texts of the echo are
 * abbreviated. Rejects if an image cannot be decoded: Codex would send a sentence about it instead, and the caller would
 * not learn of it.
 */
export async function compareImages(item: Item, echo: ResponseItem, pace: Pace): Promise<Adjustment[]> {
  const content = contentOf(echo);
  const compared = sentParts(item).map(async (part, index) =>
    part.type === 'image' ? await compareImage(part, content[index], pace) : [],
  );
  return (await Promise.all(compared)).flat();
}

type Content = ContentItem | FunctionCallOutputContentItem;

function contentOf(echo: ResponseItem): readonly Content[] {
  if (echo.type === 'message') return echo.content;
  const isResult = echo.type === 'function_call_output' || echo.type === 'custom_tool_call_output';
  return isResult && Array.isArray(echo.output) ? echo.output : [];
}

async function compareImage(image: ImagePart, echo: Content | undefined, pace: Pace): Promise<Adjustment[]> {
  const { url, path } = image;
  if (echo?.type !== 'input_image' || !('image_url' in echo)) {
    throw imageError(path, 'the image cannot be decoded');
  }
  const [sent, kept] = [splitDataUrl(await abbreviateText(url, pace)), splitDataUrl(echo.image_url)];
  const adjustments = compareDetail(image);
  // Codex corrects a wrong media type; the picture is the same.
  if (sent.data === kept.data) return adjustments;
  return [...adjustments, { path, from: sent.mediaType, to: `${kept.mediaType}${RE_ENCODED}` }];
}

const RE_ENCODED = ';re-encoded';

/** Returns true for the adjustment of an image that Codex has encoded anew. */
export function isReEncoded({ to }: Adjustment): boolean {
  return to.endsWith(RE_ENCODED);
}

/** Reports a detail that Codex does not use: it sends every image in its original detail. */
export function compareDetail({ detail, path }: ImagePart): Adjustment[] {
  if (detail === 'auto' || detail === 'original') return [];
  return [{ path: `${path}.detail`, from: detail, to: 'original' }];
}

function splitDataUrl(url: string): { mediaType: string; data: string } {
  const comma = url.indexOf(',');
  const mediaType = /^data:([\w/+.-]{0,40})/i.exec(url)?.[1] ?? '';
  return { mediaType: mediaType.toLowerCase(), data: url.slice(comma + 1) };
}
