import type { EndedRequest, ObservedFailure } from '../../base/observation.ts';
import type { RequestDetail, RequestRow } from '../contract/requests.ts';
import type { HeldBodies, HeldBody } from '../recording/body-log.ts';
import type { LoggedRequest } from '../recording/request-log.ts';
import { describeStep } from './describe-step.ts';
import { encodeRequest } from './encode-request.ts';
import { explainEnd } from './explain-end.ts';

/** Returns all that is known of a request. */
export function encodeDetail(request: LoggedRequest, bodies?: HeldBodies): RequestDetail {
  const { end } = request;
  const row = encodeRequest(request);
  const ended: Partial<EndedRequest> =
    end === undefined || end.type === 'request-unreadable' ? {} : end.request;
  const failure = end?.type === 'request-unreadable' ? end.failure : ended.failure;
  return {
    ...row,
    ...encodeFacts(ended),
    error: encodeError(failure, row),
    steps: request.steps.map(({ ms, observation }) => ({
      ms: Math.round(ms),
      kind: observation.type,
      text: describeStep(observation),
    })),
    bodies: bodies ? { request: encodeBody(bodies.request), answer: encodeBody(bodies.answer) } : null,
  };
}

function encodeBody({ text, isCut }: HeldBody): NonNullable<RequestDetail['bodies']>['request'] {
  return { text, is_cut: isCut };
}

type Facts = Pick<
  RequestDetail,
  'route' | 'address' | 'stream' | 'background' | 'response' | 'effort' | 'continued' | 'ignored' | 'adjusted'
>;

function encodeFacts(ended: Partial<EndedRequest>): Facts {
  const { route = null, address = null, response = null, effort = null } = ended;
  const { stream = null, background = false, continued = false, ignored = [], adjusted = [] } = ended;
  return {
    route,
    address,
    stream,
    background,
    response,
    effort,
    continued,
    ignored: distinct(ignored),
    adjusted: distinct(adjusted),
  };
}

function distinct(paths: readonly string[]): string[] {
  return [...new Set(paths)];
}

function encodeError(
  failure: ObservedFailure | undefined,
  { outcome, path }: RequestRow,
): RequestDetail['error'] {
  if (outcome === null || outcome === 'ok') return null;
  const { message, remedy } = explainEnd(failure, outcome, path);
  const { code = outcome, param = null, isOwn = false, facts = {} } = failure ?? {};
  return {
    code,
    message,
    param,
    is_own: isOwn,
    remedy,
    facts: Object.entries(facts)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => ({
        name: FACT_NAMES[name] ?? name,
        value: name === 'codexError' ? inWords(String(value)) : String(value),
      })),
  };
}

/** Names of facts in words, where the one in the log is not one. */
const FACT_NAMES: Readonly<Record<string, string>> = {
  codexError: 'Reason of Codex',
  providerStatus: 'Status of the provider',
  upstreamStatus: 'Status of the other server',
};

/** Returns a name in camel case as separate words. */
function inWords(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
