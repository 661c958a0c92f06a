import type { Terminal } from '../../terminal.ts';
import { showControls } from '../../show-controls.ts';

/** The output of a session: what the agent says, and beside it everything else. */
export interface Screen {
  /** Prints a piece of what the agent says. */
  say(text: string): void;
  /** Prints a piece of something else; `paint` gets it without control characters. */
  pour(text: string, paint?: (text: string) => string): void;
  /** Prints whole lines of something else. */
  note(text: string, paint?: (text: string) => string): void;
  /** Ends an open line of both. */
  rest(): void;
}

/** Creates a screen on a terminal, which gets both in their order; elsewhere what is said alone goes to standard output. */
export function createScreen(terminal: Terminal): Screen {
  const open = { said: false, beside: false };
  const plain = (text: string) => text;

  function close(which: keyof typeof open): void {
    if (open[which]) (which === 'said' ? terminal.write : terminal.writeBeside)('\n');
    open[which] = false;
  }
  function pour(text: string, paint = plain): void {
    if (text === '') return;
    if (terminal.isTerminal) close('said');
    terminal.writeBeside(paint(showControls(text.replaceAll('\r\n', '\n'))));
    open.beside = !text.endsWith('\n');
  }

  return {
    say(text) {
      if (text === '') return;
      if (terminal.isTerminal) close('beside');
      terminal.write(showControls(text.replaceAll('\r\n', '\n')));
      open.said = !text.endsWith('\n');
    },
    pour,
    note(text, paint = plain) {
      close('beside');
      if (terminal.isTerminal) close('said');
      terminal.writeBeside(`${paint(showControls(text.replace(/\n$/, '')))}\n`);
    },
    rest() {
      close('said');
      close('beside');
    },
  };
}
