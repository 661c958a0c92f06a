const MEGABYTE = 1024 * 1024;
const MEGAPIXEL = 1_000_000;

/**
 * Limits of one request. The app-server needs up to twenty bytes for each decoded pixel, regardless of the
 * file size.
 */
export const LIMITS = {
  /** Number of images. */
  count: 16,
  /** Bytes of one encoded image, and of all together. */
  bytes: 20 * MEGABYTE,
  totalBytes: 50 * MEGABYTE,
  /** Pixels of one image, and of all together. */
  pixels: 40 * MEGAPIXEL,
  totalPixels: 100 * MEGAPIXEL,
  /** Bytes of the compressed colour profile of a PNG after decompression. */
  profileBytes: 4 * MEGABYTE,
  /** Milliseconds for fetching one image, redirects included. */
  fetchTimeoutMs: 10_000,
  redirects: 5,
} as const;
