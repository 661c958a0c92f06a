import { StartupError } from '../../base/errors.ts';
import type { Finding } from './finding.ts';

/** What would keep the gateway from starting is bad; its line says what to do. */
export async function asFinding(subject: Finding['subject'], look: () => Promise<string>): Promise<Finding> {
  try {
    return { subject, state: 'good', text: await look() };
  } catch (error) {
    if (error instanceof StartupError) return { subject, state: 'bad', text: error.message };
    throw error;
  }
}
