import { GatewayError, type ErrorCode } from './errors.ts';

/** Remembers for one request, which may have several turns, that the model provider may have been asked for one of them. */
export interface AskedMark {
  isAsked: boolean;
}

/** Says to clients why they should not ask again by themselves. */
export const ASKED_ADVICE =
  'The model provider may have been asked already, so the request was not repeated; another attempt may be paid for twice.';

/** Errors of the gateway and its Codex that say nothing of what the provider has done. */
const INTERRUPTIONS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'codex_unavailable',
  'shutting_down',
  'start_timeout',
]);

/** Returns the error of a request, which says that the provider may have been asked if an interruption came after that. */
export function explainAsked(error: unknown, { isAsked }: Readonly<AskedMark>): unknown {
  if (!isAsked || !(error instanceof GatewayError) || !INTERRUPTIONS.has(error.code)) return error;
  const { code, message, detail } = error;
  if (detail.shouldRetry === false) return error;
  return new GatewayError(code, `${message} ${ASKED_ADVICE}`, { ...detail, shouldRetry: false });
}
