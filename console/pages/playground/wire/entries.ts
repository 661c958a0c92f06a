/** An image that is sent with a message. */
export interface AttachedImage {
  readonly name: string;
  /** A `data:` URL. */
  readonly url: string;
  readonly bytes: number;
}

/** A message that a person has written. */
export interface PromptEntry {
  readonly kind: 'prompt';
  readonly id: number;
  readonly text: string;
  readonly images: readonly AttachedImage[];
}

/** A call that the model has made of a tool. */
export interface ModelCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote them: usually JSON. */
  readonly input: string;
  /** True for a tool that takes a plain text. */
  readonly isCustom: boolean;
}

export interface TokenUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
  /** True if the gateway counted by itself. */
  readonly isEstimated: boolean;
}

/** An error as the gateway words it. */
export interface AnswerError {
  readonly message: string;
  readonly code: string;
  /** HTTP status; 0 within a stream, and without an answer. */
  readonly status: number;
}

/** The content of an answer, as far as it has come. */
export interface AnswerContent {
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly calls: readonly ModelCall[];
  /** Addresses that the answer cites. */
  readonly sources: readonly AnswerSource[];
  /** The model that has answered; '' before it is known. */
  readonly model: string;
  /** Reason of the end, in the words of the API; '' before it is known. */
  readonly finish: string;
  readonly usage?: TokenUsage;
  readonly error?: AnswerError;
}

export interface AnswerSource {
  readonly url: string;
  readonly title: string;
}

export const EMPTY_CONTENT: AnswerContent = {
  text: '',
  reasoning: '',
  refusal: '',
  calls: [],
  sources: [],
  model: '',
  finish: '',
};

/** A request as it is sent to the gateway. */
export interface PlaygroundRequest {
  /** Path without a slash in front. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Facts about an answer that are not its content. */
export interface AnswerFacts {
  readonly requestId: string;
  /** Parameters that were left out. */
  readonly ignored: readonly string[];
  /** Values that were replaced. */
  readonly adjusted: readonly Adjustment[];
  readonly firstTokenMs?: number;
  /** Milliseconds for which the model had only been thinking before it began to answer. */
  readonly reasoningMs?: number;
  readonly totalMs?: number;
  /** The answer as it came: a body or the data of each event. */
  readonly raw: readonly string[];
}

export interface Adjustment {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

/** An answer of the model, with the request that asked for it. */
export interface AnswerEntry {
  readonly kind: 'answer';
  readonly id: number;
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  readonly request: PlaygroundRequest;
  readonly content: AnswerContent;
  readonly facts: AnswerFacts;
  /** Results of its calls by their ids, once they were given. */
  readonly results?: Readonly<Record<string, string>>;
}

export type ChatEntry = PromptEntry | AnswerEntry;

/** Fields of the request that a person chooses; '' and 'text' leave them out. */
export interface PromptSettings {
  readonly api: 'chat' | 'responses';
  readonly model: string;
  readonly effort: string;
  readonly verbosity: string;
  readonly isStreamed: boolean;
  /** Refuses what the gateway would ignore. */
  readonly isStrict: boolean;
  readonly instructions: string;
  readonly format: 'text' | 'json_object' | 'json_schema';
  /** JSON text of the schema for `json_schema`. */
  readonly schema: string;
  /** JSON text of a list of tools. */
  readonly tools: string;
  readonly toolChoice: string;
  /** JSON text of an object whose keys are added to the request. */
  readonly further: string;
}

/** Returns true for an answer whose calls have no results yet. */
export function awaitsResults(entry: ChatEntry | undefined): entry is AnswerEntry {
  return (
    entry?.kind === 'answer' &&
    entry.state === 'done' &&
    entry.content.calls.length > 0 &&
    entry.results === undefined
  );
}
