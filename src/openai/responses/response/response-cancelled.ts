/** The reason by which a response in the background is aborted when its client wants it no more: an end, not a failure. */
export class ResponseCancelledError extends Error {
  override readonly name = 'ResponseCancelledError';

  constructor() {
    super('The response was cancelled.');
  }
}
