import { readSettings, type Environment, type Flags } from '../../app/config.ts';
import { startLogin, type Login } from '../../app/login.ts';
import { createLog } from '../../app/log-sink.ts';
import { hearSignals } from '../../app/signals.ts';
import { abortable } from '../../base/abort.ts';
import { StartupError } from '../../base/errors.ts';
import type { Terminal } from '../terminal.ts';

/** Seconds after which Codex gives a code up. */
const CODE_LIFE = 900;

/** Signs Codex in with ChatGPT by a device code, for the gateway and for Codex itself. */
export async function login(flags: Flags, environment: Environment, terminal: Terminal): Promise<void> {
  const settings = await readSettings(flags, environment);
  const over = new AbortController();
  const cancel = new AbortController();
  const signals = hearSignals();
  void signals
    .next()
    .then(() => cancel.abort(new StartupError('The sign-in was cancelled; nothing has changed.')));
  try {
    const log = createLog(settings.logLevel);
    const started = await startLogin({ settings, environment, log, signal: cancel.signal });
    try {
      const { verificationUrl, userCode, replaces } = started;
      if (replaces) terminal.print('Codex has a login already; this one takes its place.\n');
      terminal.print(
        `To sign in with ChatGPT, open\n\n  ${verificationUrl}\n\nand enter the code ${userCode}\n`,
      );
      showWaiting(terminal, over.signal);
      await abortable(started.completed, cancel.signal);
    } finally {
      over.abort();
      await started.close();
    }
    terminal.print(describeResult(started));
  } finally {
    over.abort();
    signals.letGo();
  }
}

function describeResult({ path, beside }: Login): string {
  const kept = `Signed in. The login is kept in ${path}; a running gateway uses it at its next request.`;
  if (!beside) return kept;
  return `${kept}\nCodex's own config.toml keeps logins in the keyring: Codex itself does not use this one, and removes it when it signs in.`;
}

/** Tells how long there is still to wait. */
function showWaiting(terminal: Terminal, over: AbortSignal): void {
  const start = Date.now();
  const timer = setInterval(() => {
    const left = Math.max(0, CODE_LIFE - Math.round((Date.now() - start) / 1000));
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    terminal.progress(`Waiting for the sign-in; the code expires in ${clock}. Ctrl-C cancels.`);
  }, 1000);
  over.addEventListener('abort', () => {
    clearInterval(timer);
    terminal.progress('');
  });
}
