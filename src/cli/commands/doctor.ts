import type { Environment, Flags } from '../../app/config.ts';
import { examineThisMachine } from '../../app/doctor/examine.ts';
import { StartupError } from '../../base/errors.ts';
import type { Terminal } from '../terminal.ts';

const WORDS = { good: 'ok', bad: 'BAD' } as const;

/** Looks at the whole set-up and says for each failure what to do; fails where there is one. */
export async function doctor(flags: Flags, environment: Environment, terminal: Terminal): Promise<void> {
  let bad = 0;
  for await (const { subject, state, text } of examineThisMachine(flags, environment)) {
    if (state === 'bad') bad += 1;
    terminal.print(`${WORDS[state].padEnd(4)} ${`${subject}:`.padEnd(9)} ${text}`);
  }
  if (bad === 0) return;
  throw new StartupError(
    `${bad === 1 ? 'One thing stands' : `${bad} things stand`} in the way of a gateway.`,
  );
}
