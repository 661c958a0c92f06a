/** A wrong field of a body. */
export interface FieldError {
  /** JSON pointer, such as `#/query`. */
  readonly pointer: string;
  readonly detail: string;
}

/** An error that the gateway has answered with, in its own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  /** Id of the request; '' for one that was not answered. */
  readonly requestId: string;
  /** The fields of the body that are wrong, as far as the answer names them. */
  readonly fields: readonly FieldError[];

  constructor(
    status: number,
    code: string,
    message: string,
    { requestId = '', fields = [] }: Partial<Pick<ApiError, 'requestId' | 'fields'>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.fields = fields;
  }
}

/** The bodies of errors: of OpenAI's routes, of the agent sessions, and of the other routes. */
interface ErrorBody {
  readonly error?: string | { readonly message?: string; readonly code?: string };
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
}

/** Returns the error that an answer tells of, in the gateway's own words. */
export function decodeError(status: number, body: ErrorBody | null | undefined, requestId: string): ApiError {
  const { error, detail, errors } = body ?? {};
  const { message, code = '' } = typeof error === 'string' ? { message: error } : (error ?? {});
  const words = message ?? detail ?? `The gateway answered ${status}.`;
  return new ApiError(status, code, words, { requestId, ...(errors && { fields: errors }) });
}
