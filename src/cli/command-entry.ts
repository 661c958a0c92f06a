import type { Environment, Flags } from '../app/config/config.ts';
import type { Terminal } from './terminal.ts';

/** The code of a command, loaded only when it is used: `token` should not wait for a web server to load. */
type Run = (
  flags: Flags,
  environment: Environment,
  terminal: Terminal,
  /** Value of the command's `argument`; several words are joined by spaces. */
  words: string | undefined,
) => Promise<void>;

export interface CommandEntry {
  readonly summary: string;
  /** True if it supports `--demo`, or else advice for users who pass it. */
  readonly demo: true | string;
  /** An optional argument: its name in the help, and its meaning. */
  readonly argument?: readonly [name: string, summary: string];
  /** Options that only this command has. */
  readonly options?: readonly (readonly [flags: string, summary: string])[];
  /** Options with which the program calls itself, and that its help leaves out. */
  readonly hiddenOptions?: readonly string[];
  load(): Promise<Run>;
}

/** A command that has commands of its own and does nothing else. */
export interface CommandGroup {
  readonly summary: string;
  readonly commands: Readonly<Record<string, CommandEntry>>;
}
