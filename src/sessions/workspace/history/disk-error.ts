import { GatewayError } from '../../../base/errors.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Runs work on files, and converts errors of the disk to ones for the caller, which name no path of the gateway. */
export async function explainDiskErrors<T>(problem: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (!(error instanceof Error) || code === undefined || syscall === undefined) throw error;
    if (FULL.has(code)) {
      throw new GatewayError('storage_full', `${problem}: no space is left on the disk; free some.`, {
        cause: error,
      });
    }
    throw new GatewayError('storage_failed', `${problem} (${code}).`, { cause: error });
  }
}
