import { useState } from 'preact/hooks';

/** Something that a button starts. */
export interface Action<Args extends readonly unknown[]> {
  run(...args: Args): Promise<void>;
  readonly busy: boolean;
  /** A sentence that says why it failed the last time; '' if it did not. */
  readonly problem: string;
}

/** Keeps the state of an action that a person starts. */
export function useAction<Args extends readonly unknown[]>(
  act: (...args: Args) => Promise<unknown>,
): Action<Args> {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  return {
    busy,
    problem,
    async run(...args) {
      setBusy(true);
      setProblem('');
      try {
        await act(...args);
      } catch (error) {
        setProblem((error as Error).message);
      } finally {
        setBusy(false);
      }
    },
  };
}
