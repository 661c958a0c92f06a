import { main } from '../../src/cli/main.ts';

export interface Outcome {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
}

/** A person at a terminal, who answers each question in turn. */
export interface TestPerson {
  readonly answers: readonly (string | (() => string | Promise<string>))[];
}

/** Runs the command line in this process; `progress` gets every state of the progress line. */
export async function runMain(
  args: readonly string[],
  environment: Record<string, string>,
  progress: string[] = [],
  person?: TestPerson,
): Promise<Outcome> {
  const printed: string[] = [];
  const complained: string[] = [];
  const answers = [...(person?.answers ?? [])];
  const terminal = {
    isTerminal: person !== undefined,
    canAsk: person !== undefined,
    writeBeside: (text: string) => (person === undefined ? complained : printed).push(text),
    async ask(question: string, signal: AbortSignal) {
      printed.push(question);
      const answer = answers.shift();
      if (typeof answer !== 'function') return answer;
      const aborted = new Promise<undefined>((resolve) => {
        signal.addEventListener('abort', () => resolve(undefined), { once: true });
      });
      return await Promise.race([answer(), aborted]);
    },
    print: (text: string) => printed.push(text),
    write: (text: string) => printed.push(text),
    complain: (text: string) => complained.push(text),
    progress: (text: string) => progress.push(text),
    flush: async () => ({ isStuck: false }),
  };
  const code = await main(args, { PATH: '', ...environment }, terminal);
  return { code, printed: printed.join('\n'), complained: complained.join('\n') };
}
