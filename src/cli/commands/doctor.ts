import type { Environment, Flags } from '../../app/config/config.ts';
import { examineThisMachine } from '../../app/doctor/examine.ts';
import { StartupError } from '../../base/errors.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

const WORDS = { good: 'ok', note: 'note', bad: 'BAD' } as const;

export interface DoctorFlags extends Flags {
  /** Also runs one short turn. */
  readonly ask?: boolean;
}

/** Checks the whole setup and says for each problem what to do; fails if there is one. */
export async function doctor(
  flags: DoctorFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const bad = await untilStopped('Stopped.', async (signal) => {
    let count = 0;
    for await (const { subject, state, text } of examineThisMachine(flags, environment, signal)) {
      signal.throwIfAborted();
      if (state === 'bad') count += 1;
      terminal.print(`${WORDS[state].padEnd(4)} ${`${subject}:`.padEnd(9)} ${text}`);
    }
    return count;
  });
  if (bad > 0) throw new StartupError(`${bad} ${bad === 1 ? 'problem' : 'problems'} found.`);
}
