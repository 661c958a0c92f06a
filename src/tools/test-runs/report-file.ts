import { constants } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { isBelow } from '../../base/is-below.ts';
import { UnreadableReportError } from './reports/test-results.ts';

/** Maximum bytes of a report. */
export const MAX_REPORT_BYTES = 32 * 1024 * 1024;

/** The state of a file, by which a later one differs. */
type FileState = string | undefined;

/** A report that a command is about to write. */
export interface ReportFile {
  /** Reads it; rejects with an `UnreadableReportError`, also for a file that the command has not written. */
  read(): Promise<string>;
}

/** Looks at the file of a report before its command runs. */
export async function watchReportFile(folder: string, name: string): Promise<ReportFile> {
  const path = join(folder, name);
  const before = await stateOf(path);
  return {
    async read() {
      const after = await stateOf(path);
      if (after === undefined) throw new UnreadableReportError('was not written');
      if (after === before) throw new UnreadableReportError('is that of an earlier run');
      const target = await realpath(path);
      if (!isBelow(await realpath(folder), target)) {
        throw new UnreadableReportError('is outside of the folder of the command');
      }
      // Opening a pipe would wait for its other end.
      const file = await open(target, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
      try {
        return await readBounded(file);
      } finally {
        await file.close();
      }
    },
  };
}

async function stateOf(path: string): Promise<FileState> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
}

async function readBounded(file: FileHandle): Promise<string> {
  const found = await file.stat();
  if (!found.isFile()) throw new UnreadableReportError('is not a file');
  if (found.size > MAX_REPORT_BYTES) throw new UnreadableReportError('is too large');
  return await file.readFile('utf8');
}
