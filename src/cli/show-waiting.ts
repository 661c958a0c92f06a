import type { Terminal } from './terminal.ts';

/** Shows how long the code of a sign-in can still be entered, until the signal aborts. */
export function showWaiting(terminal: Terminal, expiresAtMs: number, over: AbortSignal): void {
  const timer = setInterval(() => {
    const left = Math.max(0, Math.round((expiresAtMs - Date.now()) / 1000));
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    terminal.progress(`Waiting for the sign-in; the code expires in ${clock}. Ctrl-C cancels.`);
  }, 1000);
  over.addEventListener('abort', () => {
    clearInterval(timer);
    terminal.progress('');
  });
}
