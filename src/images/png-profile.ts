import { inflateSync } from 'node:zlib';
import { LIMITS } from './limits.ts';

const SIGNATURE_BYTES = 8;
/** Length and type precede the data of a chunk; a checksum follows it. */
const HEADER_BYTES = 8;
const CHECKSUM_BYTES = 4;

const PIXELS = Buffer.from('IDAT').readUInt32BE();
const PROFILE = Buffer.from('iCCP').readUInt32BE();

/**
 * Returns true if a PNG has at most one colour profile, of limited size: decoders inflate it before any
 * pixel.
 */
export function profileFits(bytes: Buffer): boolean {
  let profiles = 0;
  let offset = SIGNATURE_BYTES;
  while (offset + HEADER_BYTES <= bytes.length) {
    const length = bytes.readUInt32BE(offset);
    const type = bytes.readUInt32BE(offset + 4);
    const data = offset + HEADER_BYTES;
    if (type === PIXELS) return true;
    if (type === PROFILE) {
      profiles += 1;
      if (profiles > 1 || isLarge(bytes.subarray(data, data + length))) return false;
    }
    offset = data + length + CHECKSUM_BYTES;
  }
  return true;
}

/**
 * Returns true if a profile inflates to too many bytes. The chunk holds a name ending in a zero byte, a byte
 * for the compression method, and the profile.
 */
function isLarge(chunk: Buffer): boolean {
  try {
    inflateSync(chunk.subarray(chunk.indexOf(0) + 2), { maxOutputLength: LIMITS.profileBytes });
    return false;
  } catch (error) {
    // A broken profile is left to the app-server to reject.
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
  }
}
