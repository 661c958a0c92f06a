import { main } from '../../src/cli/main.ts';

export interface Outcome {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
}

/** Runs the command line in this process; `progress` gets every state of the progress line. */
export async function runMain(
  args: readonly string[],
  environment: Record<string, string>,
  progress: string[] = [],
): Promise<Outcome> {
  const printed: string[] = [];
  const complained: string[] = [];
  const terminal = {
    print: (text: string) => printed.push(text),
    write: (text: string) => printed.push(text),
    complain: (text: string) => complained.push(text),
    progress: (text: string) => progress.push(text),
    flush: async () => ({ isStuck: false }),
  };
  const code = await main(args, { PATH: '', ...environment }, terminal);
  return { code, printed: printed.join('\n'), complained: complained.join('\n') };
}
