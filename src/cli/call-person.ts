import type { ToolCallPerson } from '../app/inquiries/tool-calls/run-calls.ts';
import type { Terminal } from './terminal.ts';

export interface CallPersonOptions {
  readonly signal: AbortSignal;
  /** Ends the line of the answer that is being printed. */
  endLine(): void;
}

const DECISIONS: ReadonlyMap<string, 'agreed' | 'declined'> = new Map([
  ['y', 'agreed'],
  ['yes', 'agreed'],
  ['n', 'declined'],
  ['no', 'declined'],
]);

/** Shows the calls of a model on standard error, and asks at the terminal before one that changes something. */
export function createCallPerson(
  terminal: Pick<Terminal, 'complain' | 'canAsk' | 'ask' | 'writeBeside'>,
  { signal, endLine }: CallPersonOptions,
): ToolCallPerson {
  return {
    show(line) {
      endLine();
      terminal.complain(line);
    },
    async decide(lines) {
      if (!terminal.canAsk) return 'unasked';
      endLine();
      terminal.writeBeside(`${lines.join('\n')}\n`);
      while (true) {
        const answer = await terminal.ask('y / n? ', signal);
        // The end of the input declines.
        if (answer === undefined) return 'declined';
        const decision = DECISIONS.get(answer.trim().toLowerCase());
        if (decision !== undefined) return decision;
      }
    },
  };
}
