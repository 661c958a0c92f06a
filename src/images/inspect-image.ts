import { imageDimensionsFromData } from 'image-dimensions';
import { hasLargeProfile } from './png-profile.ts';
import { framesFit } from './webp-frames.ts';

/** What the header of an image says. */
export interface ImageHeader {
  readonly type: 'png' | 'jpeg' | 'gif' | 'webp';
  readonly width: number;
  readonly height: number;
}

/** Reads the header; undefined for anything but a PNG, JPEG, GIF or WebP, or where more hides behind it than it says. */
export function inspectImage(bytes: Buffer): ImageHeader | undefined {
  const found = imageDimensionsFromData(bytes);
  if (found === undefined) return undefined;
  const { type, width, height } = found;
  if (type === 'avif' || type === 'heic') return undefined;
  if (type === 'png' && hasLargeProfile(bytes)) return undefined;
  if (type === 'webp' && !framesFit(bytes, { width, height })) return undefined;
  return { type, width, height };
}
