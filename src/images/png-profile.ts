import { inflateSync } from 'node:zlib';
import { LIMITS } from './limits.ts';

const SIGNATURE_LENGTH = 8;
/** Length and type before a chunk's data, a checksum behind it. */
const HEADER_LENGTH = 8;
const CHECKSUM_LENGTH = 4;

const PIXELS = Buffer.from('IDAT').readUInt32BE();
const PROFILE = Buffer.from('iCCP').readUInt32BE();

/** Whether a PNG has at most one colour profile, about as large as it looks: it is inflated before any pixel. */
export function profileFits(bytes: Buffer): boolean {
  let profiles = 0;
  let offset = SIGNATURE_LENGTH;
  while (offset + HEADER_LENGTH <= bytes.length) {
    const length = bytes.readUInt32BE(offset);
    const type = bytes.readUInt32BE(offset + 4);
    const data = offset + HEADER_LENGTH;
    if (type === PIXELS) return true;
    if (type === PROFILE) {
      profiles += 1;
      if (profiles > 1 || isLarge(bytes.subarray(data, data + length))) return false;
    }
    offset = data + length + CHECKSUM_LENGTH;
  }
  return true;
}

/** A name that ends with a zero byte, a byte that says how it is compressed, then the profile. */
function isLarge(chunk: Buffer): boolean {
  try {
    inflateSync(chunk.subarray(chunk.indexOf(0) + 2), { maxOutputLength: LIMITS.profileBytes });
    return false;
  } catch (error) {
    // One that is broken is the app-server's to judge.
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
  }
}
