import { StartupError } from '../base/errors.ts';

/** Ends a command with an exit code of its own. An empty message prints nothing. */
export class CommandEnd extends StartupError {
  readonly exitCode: number;

  constructor(exitCode: number, message = '') {
    super(message);
    this.exitCode = exitCode;
  }
}
