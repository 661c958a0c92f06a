import { GatewayError, messageOf, StartupError } from '../../base/errors.ts';
import type { Finding } from './finding.ts';

/** The result of a check: the text if all is well, or a note on something that does no harm. */
export type Look = string | { readonly note: string };

/** Runs a check; an expected failure of it is its finding, and a `StartupError` says what to do about it as well. */
export async function asFinding(subject: Finding['subject'], look: () => Promise<Look>): Promise<Finding> {
  try {
    const found = await look();
    if (typeof found === 'string') return { subject, state: 'good', text: found };
    return { subject, state: 'note', text: found.note };
  } catch (error) {
    if (isExpected(error)) return { subject, state: 'bad', text: messageOf(error) };
    throw error;
  }
}

function isExpected(error: unknown): boolean {
  if (error instanceof StartupError || error instanceof GatewayError) return true;
  return error instanceof Error && 'code' in error;
}
