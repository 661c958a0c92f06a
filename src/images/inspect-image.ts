import { imageDimensionsFromData } from 'image-dimensions';
import { gifFrameFits } from './gif-frame.ts';
import { frameHeaderOf } from './jpeg-frame.ts';
import { profileFits } from './png-profile.ts';
import type { Size } from './size.ts';
import { webpFramesFit } from './webp-frames.ts';

/** Format and size from the header of an image. */
export interface ImageHeader extends Size {
  readonly type: keyof typeof FORMATS;
}

interface Format {
  /** Matches the first bytes of a file. */
  readonly magic: RegExp;
  /** Returns the part of the file that contains the size; undefined if decoders could disagree about it. */
  readonly header?: (bytes: Buffer) => Buffer | undefined;
  /**
   * Returns true if no part after the header is larger than the header says, because decoders trust each part
   * on its own.
   */
  readonly fits?: (bytes: Buffer, size: Size) => boolean;
}

const FORMATS = {
  png: { magic: /^\x89PNG\r\n/, fits: profileFits },
  jpeg: { magic: /^\xFF\xD8\xFF/, header: frameHeaderOf },
  gif: { magic: /^GIF8[79]a/, fits: gifFrameFits },
  webp: { magic: /^RIFF[^]{4}WEBP/, fits: webpFramesFit },
} as const satisfies Record<string, Format>;

/**
 * Reads the header of an image; undefined unless it is a PNG, JPEG, GIF or WebP whose parts agree with its
 * header.
 */
export function inspectImage(bytes: Buffer): ImageHeader | undefined {
  const start = bytes.toString('latin1', 0, 12);
  const names = Object.keys(FORMATS) as ImageHeader['type'][];
  const type = names.find((name) => FORMATS[name].magic.test(start));
  if (type === undefined) return undefined;
  const { header, fits }: Format = FORMATS[type];
  const headerBytes = header ? header(bytes) : bytes;
  const size = headerBytes && imageDimensionsFromData(headerBytes);
  if (!size || size.width === 0 || size.height === 0) return undefined;
  if (fits && !fits(bytes, size)) return undefined;
  return { type, width: size.width, height: size.height };
}
