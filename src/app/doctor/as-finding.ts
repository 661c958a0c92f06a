import { GatewayError, messageOf, StartupError } from '../../base/errors.ts';
import type { Finding } from './finding.ts';

/** What a look has found: all is well, or something that is worth a note and hinders nothing. */
export type Look = string | { readonly note: string };

/** What is expected to go wrong in a look is what it has found; a `StartupError` says what to do as well. */
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
