import { GatewayError, messageOf, StartupError } from '../../base/errors.ts';
import type { Finding } from './finding.ts';

/** What is expected to go wrong in a look is what it has found; a `StartupError` says what to do as well. */
export async function asFinding(subject: Finding['subject'], look: () => Promise<string>): Promise<Finding> {
  try {
    return { subject, state: 'good', text: await look() };
  } catch (error) {
    if (isExpected(error)) return { subject, state: 'bad', text: messageOf(error) };
    throw error;
  }
}

function isExpected(error: unknown): boolean {
  if (error instanceof StartupError || error instanceof GatewayError) return true;
  return error instanceof Error && 'code' in error;
}
