import { messageOf } from '../../base/errors.ts';
import type { Finding } from './finding.ts';

/** Whatever goes wrong in a look is what it has found; a `StartupError` says what to do as well. */
export async function asFinding(subject: Finding['subject'], look: () => Promise<string>): Promise<Finding> {
  try {
    return { subject, state: 'good', text: await look() };
  } catch (error) {
    return { subject, state: 'bad', text: messageOf(error) };
  }
}
