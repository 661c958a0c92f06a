/**
 * Thrown if files are not as the last of the turns left them. Nothing was written, unless they changed during the undo
 * itself: it can be repeated.
 */
export class UndoConflictError extends Error {
  override readonly name = 'UndoConflictError';
  readonly paths: readonly string[];

  constructor(paths: readonly string[]) {
    super('Files of this turn were changed by somebody else since, so that it cannot be undone.');
    this.paths = paths.toSorted();
  }
}

/** Thrown if the undo needs what a limit left out or what is no longer kept. Nothing was written. */
export class UndoSkippedError extends Error {
  override readonly name = 'UndoSkippedError';
  readonly paths: readonly string[];

  constructor(paths: readonly string[]) {
    super('What this turn changed was not kept completely, so that it cannot be undone.');
    this.paths = paths.toSorted();
  }
}
