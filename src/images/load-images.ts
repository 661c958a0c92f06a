import { isIP } from 'node:net';
import { parseLongDataUrl } from '../base/data-url.ts';
import type { Observer } from '../base/observation.ts';
import { createPace, type Pace } from '../base/async/pace.ts';
import { createSemaphore } from '../base/async/semaphore.ts';
import { imageError, type Images } from '../conversation/ports/images.ts';
import { imagesOf, type ImagePart, type Item } from '../conversation/item.ts';
import { fetchImage, type FetchOptions } from './fetch-image.ts';
import { RefusedFetchError, resolveBySystem, TIMED_OUT, type Resolve } from './guarded-get.ts';
import { inspectImage, type ImageHeader } from './inspect-image.ts';
import { LIMITS } from './limits.ts';

export interface ImagesOptions {
  /** Hosts from which images are fetched whatever their address is, including private networks. */
  readonly hosts: readonly string[];
  readonly observer: Observer;
  readonly resolve?: Resolve;
  /** Milliseconds for one image, redirects included. */
  readonly fetchTimeoutMs?: number;
}

/** A loaded image. */
interface Image extends ImageHeader {
  /** A `data:` URL. */
  readonly url: string;
  readonly bytes: number;
}

const FORMATS = 'PNG, JPEG, GIF or WebP';

export function createImages(options: ImagesOptions): Images {
  const { hosts, observer, resolve = resolveBySystem, fetchTimeoutMs = LIMITS.fetchTimeoutMs } = options;
  const listed = new Set(hosts.map(hostnameOf));
  return {
    async load(items, caller) {
      const parts = imagesOf(items);
      if (parts.length === 0) return items;
      checkCount(parts);
      const failed = new AbortController();
      const signal = AbortSignal.any([caller, failed.signal]);
      const guard = { hosts: listed, resolve: oneAtATime(resolve, signal) };
      const fetching = { guard, fetchTimeoutMs, budget: { bytesLeft: LIMITS.totalBytes }, signal };
      try {
        const images = await loadAll(parts, fetching, observer);
        checkTotals(parts, images);
        const loaded = new Map(parts.map((part, index) => [part, images[index]!]));
        return items.map((item) => withImages(item, loaded));
      } finally {
        // After the first failure, the other downloads stop.
        failed.abort();
      }
    },
  };
}

/** Returns a host in the spelling of `URL.hostname`, with which it is compared. */
function hostnameOf(host: string): string {
  return new URL(`http://${isIP(host) === 6 ? `[${host}]` : host}`).hostname;
}

/**
 * Returns a resolver that works on one name at a time, because a silent name server blocks a thread of the
 * system's small pool.
 */
function oneAtATime(resolve: Resolve, signal: AbortSignal): Resolve {
  const semaphore = createSemaphore(1);
  return async (host) => await semaphore.run(signal, async () => await resolve(host));
}

function withImages(item: Item, loaded: ReadonlyMap<ImagePart, Image>): Item {
  if (item.type === 'tool-call' || item.type === 'passthrough') return item;
  const parts = item.parts.map((part) => {
    if (part.type !== 'image') return part;
    return { ...part, url: loaded.get(part)!.url };
  });
  return { ...item, parts };
}

/**
 * Fetches remote images in parallel, and decodes data URLs one after the other with pauses for other work.
 */
async function loadAll(
  parts: readonly ImagePart[],
  options: FetchOptions,
  observer: Observer,
): Promise<Image[]> {
  const reading = createSemaphore(1);
  const pace = createPace();
  const images = parts.map(async (part) => {
    if (/^https?:/i.test(part.url)) return checkPixels(part, await fetchPart(part, options, observer));
    return await reading.run(options.signal, async () => checkPixels(part, await readPart(part, pace)));
  });
  return await Promise.all(images);
}

function checkPixels(part: ImagePart, image: Image): Image {
  const { width, height } = image;
  if (width * height > LIMITS.pixels) {
    throw imageError(part.path, `the image has ${width} × ${height} pixels, over ${LIMITS.pixels}`);
  }
  return image;
}

async function readPart({ path, url: given }: ImagePart, pace: Pace): Promise<Image> {
  const parsed = await parseLongDataUrl(given, pace);
  if (parsed === undefined) {
    throw imageError(path, 'expected an http(s) URL or a base64 data URL such as data:image/png;base64,…');
  }
  const { url, bytes } = parsed;
  if (bytes.length > LIMITS.bytes) throw imageError(path, `the image is over ${LIMITS.bytes} bytes`);
  const header = inspectImage(bytes);
  if (header === undefined) throw imageError(path, `the image is not a readable ${FORMATS}`);
  return { ...header, url, bytes: bytes.length };
}

/** Fetches an image. All failures that come at once have the same message, so that callers cannot probe the local network. */
async function fetchPart(
  { path, url }: ImagePart,
  options: FetchOptions,
  observer: Observer,
): Promise<Image> {
  try {
    const bytes = await fetchImage(new URL(url), options);
    const header = inspectImage(bytes);
    if (header === undefined) throw new RefusedFetchError('no image');
    const dataUrl = `data:image/${header.type};base64,${bytes.toString('base64')}`;
    return { ...header, url: dataUrl, bytes: bytes.length };
  } catch (error) {
    options.signal.throwIfAborted();
    observer.observe({ type: 'image-refused', reason: reasonOf(error) });
    const isLate = reasonOf(error) === TIMED_OUT;
    const why = isLate ? 'cannot be fetched in time' : 'cannot be fetched';
    throw imageError(
      path,
      `the image ${why}; send a ${FORMATS} as a base64 data URL instead`,
      isLate ? 'image_timeout' : 'invalid_image',
    );
  }
}

/** Returns a reason for the log, without the error's message, which may name the host. */
function reasonOf(error: unknown): string {
  if (error instanceof RefusedFetchError) return error.message;
  return (error as NodeJS.ErrnoException).code ?? 'failed';
}

function checkCount(parts: readonly ImagePart[]): void {
  const extra = parts[LIMITS.count];
  if (extra) throw imageError(extra.path, `a request may contain at most ${LIMITS.count} images`);
}

function checkTotals(parts: readonly ImagePart[], images: readonly Image[]): void {
  let bytes = 0;
  let pixels = 0;
  for (const [index, image] of images.entries()) {
    const { path } = parts[index]!;
    bytes += image.bytes;
    pixels += image.width * image.height;
    if (bytes > LIMITS.totalBytes) {
      throw imageError(path, `the images of a request are over ${LIMITS.totalBytes} bytes together`);
    }
    if (pixels > LIMITS.totalPixels) {
      throw imageError(path, `the images of a request have over ${LIMITS.totalPixels} pixels together`);
    }
  }
}
