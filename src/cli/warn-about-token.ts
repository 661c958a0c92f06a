import type { Settings } from '../app/config/config.ts';
import type { Terminal } from './terminal.ts';

/** Warns about a token that the process list shows for as long as the server runs. */
export function warnAboutToken({ token }: Pick<Settings, 'token'>, terminal: Terminal): void {
  if (token?.source !== 'flag') return;
  terminal.complain(
    'Warning: process lists show the token of --token to every user of this machine; --token-file keeps it out of them.',
  );
}
