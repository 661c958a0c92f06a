import { GatewayError, messageOf, StartupError } from '../../base/errors.ts';

/** The result of one check of the setup. */
export interface Finding {
  readonly subject:
    | 'Node'
    | 'config'
    | 'Codex'
    | 'provider'
    | 'network'
    | 'login'
    | 'models'
    | 'Copilot'
    | 'tools'
    | 'port'
    | 'machine'
    | 'files'
    | 'disk'
    | 'answer';
  /** A note is harmless. */
  readonly state: 'good' | 'note' | 'bad';
  /** One line that says what was found and, if it is bad, what to do. */
  readonly text: string;
}

/** Text for the finding of a check that passes, or a note about something harmless. */
export type CheckResult = string | { readonly note: string };

/** Runs a check; if it fails in an expected way, the error's message becomes the finding. */
export async function runCheck(
  subject: Finding['subject'],
  check: () => CheckResult | Promise<CheckResult>,
): Promise<Finding> {
  try {
    const result = await check();
    if (typeof result === 'string') return { subject, state: 'good', text: result };
    return { subject, state: 'note', text: result.note };
  } catch (error) {
    if (isExpected(error)) return { subject, state: 'bad', text: messageOf(error) };
    throw error;
  }
}

function isExpected(error: unknown): boolean {
  if (error instanceof StartupError || error instanceof GatewayError) return true;
  return error instanceof Error && 'code' in error;
}
