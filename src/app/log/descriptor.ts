import { constants, fstatSync, openSync, write } from 'node:fs';
import { promisify } from 'node:util';

/** A file descriptor for writing without blocking the caller. */
export interface Descriptor {
  /** Resolves to the number of written bytes, or to the code of an error. */
  write(bytes: Buffer): Promise<number | string>;
}

const writeTo = promisify(write);

export function createDescriptor(given: number): Descriptor {
  let fd: number | undefined;
  return {
    async write(bytes) {
      try {
        fd ??= openUnblocked(given);
        return (await writeTo(fd, bytes)).bytesWritten;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? String(error);
      }
    },
  };
}

/**
 * Opens a descriptor in non-blocking mode. With a paused terminal or an unread pipe, a write would block a thread of
 * the process and keep the process from ending. Linux can open such a descriptor again with a mode of its own.
 */
function openUnblocked(descriptor: number): number {
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFIFO() && !stat.isCharacterDevice()) return descriptor;
    return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return descriptor;
  }
}
