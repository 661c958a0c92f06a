import type { IncomingHttpHeaders } from 'node:http';
import { NEVER_ABORTED } from '../../../base/async/abort.ts';
import { runInSlices } from '../../../base/async/steps.ts';
import type { RequestDiagnostics } from '../diagnostics/request-diagnostics.ts';
import { withoutHopByHop } from '../transport/hop-by-hop.ts';
import { cutOut } from './entry-cuts.ts';
import { createSeenTurns, decideInitiator, readTurn } from './initiator.ts';
import { inspectBody, NO_FACTS, type BodyFacts } from './inspect-body.ts';
import { TURN_METADATA } from './strip-listeners.ts';
import { applyOwnHeaders, upstreamHeaders, type HeaderOptions } from './upstream-headers.ts';

export interface RequestOptions extends HeaderOptions {
  readonly stripWebSearch: boolean;
  readonly stripTurnMetadata: boolean;
}

/** A request as the client has sent it. */
export interface IncomingRequest {
  readonly headers: IncomingHttpHeaders;
  /** The bytes of the body, with their content-encoding. */
  readonly body: Buffer;
  /** The `Authorization` header, if it is not the gateway's own token. */
  readonly authorization?: string | undefined;
  /**
   * True for a request of the gateway's own Codex: the gateway may have added developer messages behind a question of the
   * user.
   */
  readonly isOwn?: boolean | undefined;
  /** Follows the request; by default it gets diagnostics of its own. */
  readonly diagnostics?: RequestDiagnostics | undefined;
  /** Called with the model of the body as soon as that is known. */
  readonly onModel?: ((model: string) => void) | undefined;
}

/** A request as it is sent upstream, apart from `authorization` and `x-request-id`. */
export interface PreparedRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** The caller's own buffer if nothing was taken out. */
  readonly body: Buffer;
  /** The model of the body; undefined if none can be read. */
  readonly model: string | undefined;
  /** Names of the parts that were taken out of the body. */
  readonly stripped: readonly string[];
  /** Remembers the turn, whose further requests are the agent's. Called when the request is first sent. */
  markSent(): void;
}

export type PrepareRequest = (request: IncomingRequest) => Promise<PreparedRequest>;

/** Creates the function that prepares the requests of an adapter; it never rejects. */
export function createRequestPreparer(options: RequestOptions): PrepareRequest {
  const seen = createSeenTurns();
  return async ({ headers: incoming, body, isOwn = false }) => {
    const headers = withoutHopByHop(incoming);
    // A body with an encoding is not inspected.
    const facts = headers['content-encoding'] === undefined ? await inspectBody(body) : NO_FACTS;
    const turn = readTurn(headers);
    const isUserLast = isOwn ? facts.endsWithUserBeforeInstructions : facts.endsWithUser;
    const strips = listStrips(facts, options);
    const cuts = strips.flatMap((strip) => strip.cuts);
    const ownHeaders = upstreamHeaders(headers, options);
    if (facts.hasImage) ownHeaders['copilot-vision-request'] = 'true';
    return {
      headers: {
        ...applyOwnHeaders(ownHeaders, options.headers),
        'x-initiator': decideInitiator(headers, turn, seen, isUserLast),
      },
      body: await runInSlices(cutOut(body, cuts), NEVER_ABORTED),
      model: facts.model,
      stripped: strips.map(({ name }) => name),
      markSent() {
        if (turn.id !== undefined) seen.add(turn.id);
      },
    };
  };
}

/** Returns what has to be taken out of a body, by name. */
function listStrips(facts: BodyFacts, options: RequestOptions) {
  return [
    { name: 'web_search', isOn: options.stripWebSearch, cuts: facts.webSearch },
    { name: `client_metadata.${TURN_METADATA}`, isOn: options.stripTurnMetadata, cuts: facts.turnMetadata },
  ].filter(({ isOn, cuts }) => isOn && cuts.length > 0);
}
