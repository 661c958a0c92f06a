import { describeObservation } from '../app/log/describe-observation.ts';
import type { Observation } from '../base/observation.ts';
import type { Terminal } from './terminal.ts';

/** Shows what the user should know of a gateway that is started, and that its log says as well. */
export function warnAboutStart(warnings: readonly Observation[], terminal: Terminal): void {
  for (const warning of warnings) {
    const description = describeObservation(warning);
    if (description === undefined) continue;
    const { message, fields } = description;
    const facts = Object.entries(fields).map(([name, value]) => `${name} ${String(value)}`);
    terminal.complain(`Warning: ${message}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}.`);
  }
}
