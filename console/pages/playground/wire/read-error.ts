import type { AnswerError } from './entries.ts';

/** Reads the error of a stream or of a response. */
export function readError(error: object): AnswerError {
  const { message, code } = error as { readonly message?: string; readonly code?: string | null };
  return { message: message ?? 'The answer has failed.', code: code ?? '', status: 0 };
}
