import { imageDimensionsFromData } from 'image-dimensions';
import { gifFrameFits } from './gif-frame.ts';
import { frameHeaderOf } from './jpeg-frame.ts';
import { profileFits } from './png-profile.ts';
import type { Size } from './size.ts';
import { webpFramesFit } from './webp-frames.ts';

/** What the header of an image says. */
export interface ImageHeader extends Size {
  readonly type: keyof typeof FORMATS;
}

interface Format {
  /** How such a file begins. */
  readonly magic: RegExp;
  /** The part of the file by which its size is told; undefined where decoders could disagree on it. */
  readonly header?: (bytes: Buffer) => Buffer | undefined;
  /** Whether nothing behind the header is larger than it says: decoders believe each part by itself. */
  readonly fits?: (bytes: Buffer, size: Size) => boolean;
}

const FORMATS = {
  png: { magic: /^\x89PNG\r\n/, fits: profileFits },
  jpeg: { magic: /^\xFF\xD8\xFF/, header: frameHeaderOf },
  gif: { magic: /^GIF8[79]a/, fits: gifFrameFits },
  webp: { magic: /^RIFF[^]{4}WEBP/, fits: webpFramesFit },
} as const satisfies Record<string, Format>;

/** Reads the header; undefined for anything but a PNG, JPEG, GIF or WebP, or where more hides behind it than it says. */
export function inspectImage(bytes: Buffer): ImageHeader | undefined {
  const start = bytes.toString('latin1', 0, 12);
  const names = Object.keys(FORMATS) as ImageHeader['type'][];
  const type = names.find((name) => FORMATS[name].magic.test(start));
  if (type === undefined) return undefined;
  const { header, fits }: Format = FORMATS[type];
  const told = header ? header(bytes) : bytes;
  const size = told && imageDimensionsFromData(told);
  if (!size || size.width === 0 || size.height === 0) return undefined;
  if (fits && !fits(bytes, size)) return undefined;
  return { type, width: size.width, height: size.height };
}
