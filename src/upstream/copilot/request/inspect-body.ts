import { NEVER_ABORTED } from '../../../base/async/abort.ts';
import { runInSlices } from '../../../base/async/steps.ts';
import type { EntryListener, Quoted } from './container-stack.ts';
import { createEntryCuts, type Cut } from './entry-cuts.ts';
import { isQuoted, readQuoted } from './read-quoted.ts';
import { scanJson } from './scan-json.ts';
import { isSearchType, listenToClientMetadata, listenToTools, listenToType } from './strip-listeners.ts';

/** Facts about the body of a request, as `JSON.parse` would understand it. */
export interface BodyFacts {
  readonly model: string | undefined;
  /** True if the input ends with something that a user has said. */
  readonly endsWithUser: boolean;
  /** The same, apart from developer messages at the end. */
  readonly endsWithUserBeforeInstructions: boolean;
  /** True if the input contains an image. */
  readonly hasImage: boolean;
  /** Ranges to cut, so that no tool for searching the web is left. */
  readonly webSearch: readonly Cut[];
  /** Ranges to cut, so that no turn metadata of Codex is left. */
  readonly turnMetadata: readonly Cut[];
}

interface Found {
  model: string | undefined;
  endsWithUser: boolean;
  endsWithUserBeforeInstructions: boolean;
  hasImage: boolean;
  readonly webSearch: Cut[];
  readonly turnMetadata: Cut[];
}

/** The facts about a body that cannot be read. */
export const NO_FACTS: BodyFacts = {
  model: undefined,
  endsWithUser: false,
  endsWithUserBeforeInstructions: false,
  hasImage: false,
  webSearch: [],
  turnMetadata: [],
};

/** Inspects a body, with pauses for other work. One that is not a JSON object gives no facts. */
export async function inspectBody(body: Buffer): Promise<BodyFacts> {
  const found: Found = { ...NO_FACTS, webSearch: [], turnMetadata: [] };
  const isJson = await runInSlices(scanJson(body, listenToRequest(body, found)), NEVER_ABORTED);
  return isJson ? found : NO_FACTS;
}

function listenToRequest(body: Buffer, found: Found): EntryListener {
  const choiceCuts: Cut[] = [];
  const choices = createEntryCuts(choiceCuts);
  let key: string | undefined;
  let choiceType: string | undefined;
  return {
    of: 'object',
    begin(start, quoted) {
      key = quoted && readQuoted(body, quoted);
      choices.begin(start);
      switch (key) {
        case 'input':
          noteEnd(found, false);
          found.hasImage = false;
          return listenToInput(body, found);
        case 'tools':
          return listenToTools(body, found.webSearch);
        case 'tool_choice':
          choiceType = undefined;
          return listenToType(body, (type) => (choiceType = type));
        case 'client_metadata':
          return listenToClientMetadata(body, found.turnMetadata);
        default:
          return undefined;
      }
    },
    end(end, value) {
      choices.end(end, key === 'tool_choice');
      if (key === 'model') found.model = value && readQuoted(body, value);
      if (key === 'input' && value) noteEnd(found, true);
    },
    close() {
      // Every `tool_choice` goes, since an earlier one would take the place of the last one.
      choices.close();
      if (isSearchType(choiceType)) addAll(found.webSearch, choiceCuts);
    },
  };
}

/** Listens to the items of the input. */
function listenToInput(body: Buffer, found: Found): EntryListener {
  return {
    of: 'array',
    begin() {
      found.endsWithUser = false;
      return listenToItem(body, found);
    },
  };
}

/** Notes whether the input ends with the user, as far as it is known. */
function noteEnd(found: Found, isUser: boolean): void {
  found.endsWithUser = isUser;
  found.endsWithUserBeforeInstructions = isUser;
}

function listenToItem(body: Buffer, found: Found): EntryListener {
  const images = listenToImages(body, found);
  const cuts: Cut[] = [];
  let key: Quoted | undefined;
  // A message needs no type.
  let type: string | undefined = 'message';
  let role: string | undefined;
  return {
    of: 'object',
    begin(_start, quoted) {
      key = quoted;
      return isQuoted(body, key, 'tools') ? listenToTools(body, cuts) : images;
    },
    end(_end, value) {
      if (isQuoted(body, key, 'type')) type = value && readQuoted(body, value);
      if (isQuoted(body, key, 'role')) role = value && readQuoted(body, value);
    },
    close() {
      const isInstructions = type === 'message' && role === 'developer';
      if (!isInstructions) noteEnd(found, type === 'message' && role === 'user');
      if (type === 'additional_tools') addAll(found.webSearch, cuts);
      if (type === 'input_image') found.hasImage = true;
    },
  };
}

/** Listens to anything in an item, at any depth. */
function listenToImages(body: Buffer, found: Found): EntryListener {
  let key: Quoted | undefined;
  const listener: EntryListener = {
    begin(_start, quoted) {
      key = quoted;
      return listener;
    },
    end(_end, value) {
      if (value && isQuoted(body, key, 'type') && isQuoted(body, value, 'input_image')) found.hasImage = true;
    },
  };
  return listener;
}

/** Adds one by one, since there may be more than a call can have as arguments. */
function addAll(cuts: Cut[], more: readonly Cut[]): void {
  for (const cut of more) cuts.push(cut);
}
