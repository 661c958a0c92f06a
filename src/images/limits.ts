const MEGABYTE = 1024 * 1024;
const MEGAPIXEL = 1_000_000;

/** How much one request may bring. A decoded pixel costs the app-server up to twenty bytes, whatever the file's size. */
export const LIMITS = {
  /** Images a request. */
  count: 16,
  /** Bytes of one encoded image, and of all of a request. */
  bytes: 20 * MEGABYTE,
  totalBytes: 50 * MEGABYTE,
  /** Pixels of one image, and of all of a request. */
  pixels: 40 * MEGAPIXEL,
  totalPixels: 100 * MEGAPIXEL,
  /** Bytes of a colour profile, which is compressed inside a PNG. */
  profileBytes: 4 * MEGABYTE,
  /** Milliseconds for fetching one image, redirects included. */
  fetchTime: 10_000,
  redirects: 5,
} as const;
