import { isDeepStrictEqual } from 'node:util';
import type { Json } from './choice-checker.ts';

/** Follows the items of one streamed response; its events are right by themselves. */
export interface ItemTracker {
  add(event: Json): void;
  readonly violations: string[];
  /** Returns the differences between the items of the terminal event and those sent before. */
  compare(end: Json): string[];
}

interface Part {
  text: string;
  annotations: unknown[];
  /** Its events that may come once, as far as they have. */
  readonly done: Set<string>;
}

interface Tracked {
  readonly id: unknown;
  readonly type: string;
  readonly parts: Part[];
  /** The complete item, once it was sent. */
  item: Json | undefined;
  stages: string[];
}

const STAGES: Readonly<Record<string, readonly string[]>> = {
  web_search_call: ['in_progress', 'searching', 'completed'],
};

/** Names of an item's parts in its events. */
const PARTS: Readonly<Record<string, { readonly index: string; readonly list: string }>> = {
  message: { index: 'content_index', list: 'content' },
  reasoning: { index: 'summary_index', list: 'summary' },
};

/** The fields of calls that come in deltas. */
const FIELDS: Readonly<Record<string, string>> = { function_call: 'arguments', custom_tool_call: 'input' };

export function createItemTracker(): ItemTracker {
  const items: Tracked[] = [];
  const violations: string[] = [];
  const complain = (violation: string) => void violations.push(violation);

  function add(event: Json): void {
    const { type, output_index: index } = event;
    if (index === undefined) return;
    if (type === 'response.output_item.added') return begin(event);
    const tracked = items[Number(index)];
    if (tracked === undefined) return complain(`${String(type)} of an item that was not added`);
    if (tracked.item !== undefined) return complain(`${String(type)} of an item that is done`);
    if (type === 'response.output_item.done') return end(tracked, event.item as Json);
    if (event.item_id !== tracked.id) return complain(`${String(type)} has the id of another item`);
    follow(tracked, event);
  }

  function begin({ output_index: index, item }: Json): void {
    const { id, status } = item as Json;
    const type = String((item as Json).type);
    if (index !== items.length) complain('the indexes of items do not count from 0');
    if (items.some((other) => other.id === id)) complain('two items have the same id');
    if (status !== undefined && status !== 'in_progress') complain('an item is not added in progress');
    const list = PARTS[type]?.list;
    if (list !== undefined && ((item as Json)[list] as unknown[]).length > 0)
      complain(`an item is added with its ${list}`);
    const field = FIELDS[type];
    if (field !== undefined && (item as Json)[field] !== '') complain(`a call is added with its ${field}`);
    items.push({ id, type, parts: field === undefined ? [] : [beginPart()], item: undefined, stages: [] });
  }

  function follow(tracked: Tracked, event: Json): void {
    const name = String(event.type).replace(/^response\./, '');
    const [group = '', step = ''] = splitName(name);
    const rule = FOLLOW[group];
    if (rule === undefined || rule.itemType !== tracked.type) return complain(`${name} of a ${tracked.type}`);
    if (rule.stages) return void tracked.stages.push(step);
    const index = Number(event[PARTS[tracked.type]?.index ?? ''] ?? 0);
    if (step === 'added' && rule.opens) return addPart(tracked, index);
    const part = tracked.parts[index];
    if (part === undefined) return complain(`${name} of a part that was not added`);
    if (part.done.has(group)) return complain(`${name} of what is done`);
    if (step === 'delta') part.text += String(event.delta);
    else if (step === 'added') addAnnotation(part, event);
    else finish(part, group, event);
  }

  function addPart(tracked: Tracked, index: number): void {
    if (index !== tracked.parts.length) complain('the indexes of parts do not count from 0');
    tracked.parts.push(beginPart());
  }

  function addAnnotation(part: Part, event: Json): void {
    if (event.annotation_index !== part.annotations.length)
      complain('the indexes of annotations do not count from 0');
    part.annotations.push(event.annotation);
  }

  function finish(part: Part, group: string, event: Json): void {
    part.done.add(group);
    const { text, annotations = part.annotations } = isPart(event.part) ? event.part : event;
    const said = text ?? event.arguments ?? event.input;
    if (said !== part.text) complain(`${group} is done with another text than its deltas`);
    if (!isDeepStrictEqual(annotations, part.annotations))
      complain(`${group} is done with other annotations`);
  }

  function end(tracked: Tracked, item: Json): void {
    tracked.item = item;
    const { type } = tracked;
    const { id, status } = item;
    if (id !== tracked.id || item.type !== type) complain('an item is done as another one');
    if (status === 'in_progress') complain('an item is done in progress');
    const stages = STAGES[type] ?? [];
    if (!isDeepStrictEqual(tracked.stages, stages)) complain(`the stages of a ${type} are not in order`);
    for (const violation of compareParts(tracked, item)) complain(violation);
  }

  return { add, violations, compare: (response) => compareItems(items, response) };
}

interface Rule {
  readonly itemType: string;
  /** True if `added` begins a part. */
  readonly opens?: true;
  /** True if the events report stages, not parts. */
  readonly stages?: true;
}

/** The events within an item, by the name before the last dot. */
const FOLLOW: Readonly<Record<string, Rule>> = {
  content_part: { itemType: 'message', opens: true },
  output_text: { itemType: 'message' },
  'output_text.annotation': { itemType: 'message' },
  reasoning_summary_part: { itemType: 'reasoning', opens: true },
  reasoning_summary_text: { itemType: 'reasoning' },
  function_call_arguments: { itemType: 'function_call' },
  custom_tool_call_input: { itemType: 'custom_tool_call' },
  web_search_call: { itemType: 'web_search_call', stages: true },
};

/** Events that must end each part before its item ends. */
const DONES: Readonly<Record<string, readonly string[]>> = {
  message: ['output_text', 'content_part'],
  reasoning: ['reasoning_summary_text', 'reasoning_summary_part'],
  function_call: ['function_call_arguments'],
  custom_tool_call: ['custom_tool_call_input'],
};

function beginPart(): Part {
  return { text: '', annotations: [], done: new Set() };
}

function splitName(name: string): string[] {
  const dot = name.lastIndexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
}

const isPart = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function compareParts({ type, parts }: Tracked, item: Json): string[] {
  const field = FIELDS[type];
  const { list } = PARTS[type] ?? {};
  const dones = DONES[type] ?? [];
  const texts =
    list === undefined
      ? [item[field ?? '']]
      : (item[list] as readonly Json[]).map(({ text, annotations }) => ({ text, annotations }));
  const told =
    list === undefined
      ? [parts[0]?.text]
      : parts.map(({ text, annotations }) => ({
          text,
          annotations: type === 'message' ? annotations : undefined,
        }));
  return [
    ...(parts.every(({ done }) => isDeepStrictEqual([...done], dones))
      ? []
      : [`a ${type} is done before its parts are, or in another order`]),
    ...(isDeepStrictEqual(texts, told) ? [] : [`a ${type} is done with content that was not sent`]),
  ];
}

function compareItems(items: readonly Tracked[], { type, response }: Json): string[] {
  const output = (response as Json).output as readonly Json[];
  const failed = type === 'response.failed';
  return [
    ...(output.length === items.length ? [] : ['the terminal event does not have every item']),
    ...items.flatMap(({ id, item }, index) => {
      const last = output[index];
      if (last === undefined) return [];
      if (item !== undefined)
        return isDeepStrictEqual(item, last) ? [] : ['the terminal event has another item than was done'];
      if (!failed) return ['an item is not done'];
      const isCut = last.id === id && last.status === 'incomplete';
      return isCut ? [] : ['an item that was cut is not marked incomplete'];
    }),
  ];
}
