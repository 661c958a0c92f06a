import type { ServerResponse } from 'node:http';
import { sendCalls, type ScriptedCall } from './upstream-tools.ts';
import {
  sendCompleted,
  sendDelta,
  sendEvent,
  sendMessageDone,
  sendMessageStart,
  startMessage,
  startResponse,
  type Script,
  type UpstreamRequest,
} from './upstream.ts';

/** Answers each request by the next of the scripts, and whatever comes after by the last. */
export function inOrder<Request extends UpstreamRequest>(
  ...scripts: readonly ((request: Request, response: ServerResponse) => void | Promise<void>)[]
): (request: Request, response: ServerResponse) => void | Promise<void> {
  let asked = 0;
  return (request, response) => {
    const script = scripts[Math.min(asked, scripts.length - 1)]!;
    asked += 1;
    return script(request, response);
  };
}

interface ItemsEnd {
  /** Further keys of the response. */
  readonly response?: object;
  /** The answer ends when it settles. */
  until?(): Promise<unknown>;
}

/** Answers with items that come whole. */
export function sayItems(items: readonly object[], { response: further, until }: ItemsEnd = {}): Script {
  return async (_request, response) => {
    startResponse(response);
    for (const [output_index, item] of items.entries()) {
      sendEvent(response, {
        type: 'response.output_item.added',
        output_index,
        item: { ...item, content: [] },
      });
      sendEvent(response, { type: 'response.output_item.done', output_index, item });
    }
    await until?.();
    sendCompleted(response, undefined, further);
  };
}

/** Answers with a text that ends before its own end. */
export function sayUntil(
  reason: 'max_output_tokens' | 'content_filter' | 'max_messages',
  text: string,
): Script {
  return (_request, response) => {
    startMessage(response, text);
    sendMessageDone(response, text);
    sendIncomplete(response, reason);
  };
}

function sendIncomplete(response: ServerResponse, reason: string): void {
  const incomplete = { id: 'resp_1', status: 'incomplete', incomplete_details: { reason } };
  sendEvent(response, { type: 'response.incomplete', response: incomplete });
  response.end();
}

/** Answers with a message for each phase of a model's work. */
export function sayInPhases(...messages: readonly (readonly [phase: string, text: string])[]): Script {
  return (_request, response) => {
    startResponse(response);
    for (const [index, [phase, text]] of messages.entries()) {
      const message = { type: 'message', role: 'assistant', id: `msg_${index}`, phase };
      const place = { output_index: index, content_index: 0, item_id: message.id };
      sendEvent(response, {
        type: 'response.output_item.added',
        ...place,
        item: { ...message, content: [] },
      });
      sendEvent(response, { type: 'response.output_text.delta', ...place, delta: text });
      const content = [{ type: 'output_text', text, annotations: [] }];
      sendEvent(response, { type: 'response.output_item.done', ...place, item: { ...message, content } });
    }
    sendCompleted(response);
  };
}

/** Answers with a message whose text is a refusal. */
export function refuseInWords(text: string): Script {
  return (_request, response) => {
    startResponse(response);
    const item = {
      type: 'message',
      role: 'assistant',
      id: 'msg_1',
      content: [{ type: 'refusal', refusal: text }],
    };
    sendEvent(response, { type: 'response.output_item.done', output_index: 0, item });
    sendCompleted(response);
  };
}

/** Answers in pieces that a test lets through one by one. */
export function sayByHand(): {
  readonly script: Script;
  /** Resolves when the provider was asked. */
  readonly asked: Promise<void>;
  say(...pieces: readonly string[]): void;
  end(): void;
} {
  const begun = Promise.withResolvers<ServerResponse>();
  const asked = Promise.withResolvers<void>();
  let text = '';
  const withResponse = (act: (response: ServerResponse) => void) => void begun.promise.then(act);
  return {
    asked: asked.promise,
    script: (_request, response) => {
      startMessage(response);
      begun.resolve(response);
      asked.resolve();
    },
    say: (...pieces) =>
      withResponse((response) => {
        for (const delta of pieces) {
          text += delta;
          sendDelta(response, delta);
        }
      }),
    end: () =>
      withResponse((response) => {
        sendMessageDone(response, text);
        sendCompleted(response);
      }),
  };
}

export interface ReasoningWays {
  /** True if the paragraphs come in pieces; otherwise each item comes complete. */
  readonly deltas?: boolean;
}

/** Answers with the summaries of what a model thinks, an item of paragraphs each, and then with a text. */
export function sayReasoning(
  items: readonly (readonly string[])[],
  text: string,
  { deltas = true }: ReasoningWays = {},
): Script {
  return (_request, response) => {
    startResponse(response);
    for (const [index, paragraphs] of items.entries())
      sendReasoning(response, `rs_${index}`, { paragraphs, deltas });
    sendMessageStart(response);
    sendDelta(response, text);
    sendMessageDone(response, text);
    sendCompleted(response);
  };
}

/** Thinks in one paragraph, and then calls a function. */
export function thinkAndCall(paragraph: string, call: ScriptedCall): Script {
  return (_request, response) => {
    startResponse(response);
    sendReasoning(response, 'rs_0', { paragraphs: [paragraph], deltas: true });
    sendCalls(response, [call]);
    sendCompleted(response);
  };
}

function sendReasoning(
  response: ServerResponse,
  id: string,
  { paragraphs, deltas }: { paragraphs: readonly string[]; deltas: boolean },
): void {
  const item = { type: 'reasoning', id, encrypted_content: 'x' };
  sendEvent(response, {
    type: 'response.output_item.added',
    output_index: 0,
    item: { ...item, summary: [] },
  });
  for (const [index, text] of deltas ? paragraphs.entries() : []) {
    const place = { item_id: id, output_index: 0, summary_index: index };
    const part = { type: 'summary_text', text: '' };
    sendEvent(response, { type: 'response.reasoning_summary_part.added', ...place, part });
    for (const delta of text.match(/.{1,5}/gsu) ?? [])
      sendEvent(response, { type: 'response.reasoning_summary_text.delta', ...place, delta });
  }
  const summary = paragraphs.map((text) => ({ type: 'summary_text', text }));
  sendEvent(response, { type: 'response.output_item.done', output_index: 0, item: { ...item, summary } });
}

export interface ScriptedCitation {
  readonly url: string;
  readonly title: string;
  readonly start: number;
  readonly end: number;
}

/** Searches the web, and answers with a text that cites what was found. */
export function searchAndSay(text: string, citations: readonly ScriptedCitation[]): Script {
  return (_request, response) => {
    startResponse(response);
    const action = { type: 'search', query: 'x' };
    const search = { type: 'web_search_call', id: 'ws_1', status: 'completed', action };
    sendEvent(response, { type: 'response.output_item.added', output_index: 0, item: search });
    sendEvent(response, { type: 'response.output_item.done', output_index: 0, item: search });
    sendMessageStart(response);
    sendDelta(response, text);
    const annotations = citations.map(({ url, title, start, end }) => ({
      type: 'url_citation',
      url,
      title,
      start_index: start,
      end_index: end,
    }));
    const content = [{ type: 'output_text', text, annotations }];
    const item = { type: 'message', role: 'assistant', id: 'msg_1', content };
    sendEvent(response, { type: 'response.output_item.done', output_index: 1, item });
    sendCompleted(response);
  };
}
