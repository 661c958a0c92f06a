/** An item of a conversation, as the Responses API writes it. */
export type Item =
  | { readonly type: 'message'; readonly role: 'user' | 'assistant'; readonly content: readonly Part[] }
  | {
      readonly type: 'function_call';
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
    }
  | { readonly type: 'function_call_output'; readonly call_id: string; readonly output: string };

export type Part =
  | { readonly type: 'input_text' | 'output_text'; readonly text: string }
  | { readonly type: 'input_image'; readonly image_url: string };

/** A request for one answer to a whole conversation. */
export interface Request {
  readonly items: readonly Item[];
  readonly hasTools?: boolean;
  /** The response that the first of the items led to and are part of. */
  readonly previous?: { readonly id: string; readonly items: number };
}

export interface Reply {
  /** Milliseconds until the first text, or the first of a call. */
  readonly firstMs: number;
  readonly totalMs: number;
  /** Longest time between two arrivals of text, in milliseconds. */
  readonly worstGapMs: number;
  /** Parses the answer, outside of the measured time. */
  read(): Answer;
}

export interface Answer {
  readonly items: readonly Item[];
  readonly deltas: number;
  readonly responseId?: string;
}

/** A program that asks the model, in a process of its own. */
export interface Client {
  ask(request: Request): Promise<Reply>;
  close(): Promise<void>;
}

export const MODEL = 'gpt-6-sol';

export const TOOL = {
  name: 'get_weather',
  description: 'Returns the weather of a city.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string', description: 'name of the city' } },
    required: ['city'],
    additionalProperties: false,
  },
} as const;

export function userMessage(text: string): Item {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
}

/** Notes when the pieces of an answer arrive. */
export function createStopwatch() {
  const start = performance.now();
  let first = 0;
  let last = 0;
  let worstGapMs = 0;
  return {
    /** Notes an arrival of text. */
    mark() {
      const now = performance.now();
      if (first === 0) first = now;
      else worstGapMs = Math.max(worstGapMs, now - last);
      last = now;
    },
    stop() {
      if (first === 0) throw new Error('The answer has neither text nor a call.');
      return { firstMs: first - start, totalMs: performance.now() - start, worstGapMs };
    },
  };
}
