import { constants, fstatSync, openSync, write } from 'node:fs';
import { promisify } from 'node:util';

/** A file descriptor that is written to without holding up the caller. */
export interface Descriptor {
  /** Resolves to the number of bytes that were written, or to the code of the error. */
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
 * A paused terminal or a pipe that nobody reads would keep a thread of the process in its write, and with it the process
 * from ending. Linux opens such a descriptor anew, with a mode of its own.
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
