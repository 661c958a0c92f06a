import { withoutControls } from '../../base/format-text.ts';
import type { Facts } from '../../base/facts.ts';

/** One line of the log. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly time: Date;
  readonly message: string;
  readonly fields: Facts;
}

/** Messages of lines about one request. */
const REQUESTS = ['request', 'response'];

/** Formats a line for people at a terminal. */
export function formatForPeople({ level, time, message, fields }: LogLine): string {
  const isRequest = REQUESTS.includes(message);
  const parts = [
    clock(time),
    ...(level === 'info' ? [] : [level.toUpperCase()]),
    ...(isRequest ? describeRequest(fields) : [message, ...listFields(fields)]),
  ];
  return `${withoutControls(parts.join('  '))}\n`;
}

function clock(time: Date): string {
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

type Value = Facts[string];

interface Part {
  /** The fields that it shows. */
  readonly names: readonly string[];
  write(...values: Value[]): string;
}

/** The parts of a request's line, in order. */
const PARTS: readonly Part[] = [
  { names: ['status', 'outcome', 'method', 'path'], write: join },
  { names: ['model', 'effort'], write: join },
  { names: ['stream', 'background'], write: describeWay },
  { names: ['continued'], write: (continued) => (continued === true ? 'continued' : '') },
  { names: ['ms', 'firstMs'], write: describeTimes },
  { names: ['inputTokens', 'cachedTokens', 'outputTokens', 'estimated'], write: describeTokens },
  { names: ['ignored'], write: (paths) => labelled('ignored', paths) },
  { names: ['adjusted'], write: (paths) => labelled('adjusted', paths) },
  { names: ['code', 'param'], write: (code, param) => join(code, param && `(${param})`) },
  { names: ['problem'], write: join },
];

/** The parts at the end of the line, after fields that are not in the table. */
const LAST_PARTS: readonly Part[] = [
  { names: ['client'], write: join },
  { names: ['id', 'response'], write: (id, response) => join(response ?? id) },
];

const PLACED = new Set([...PARTS, ...LAST_PARTS].flatMap(({ names }) => names));

function describeRequest(fields: Facts): string[] {
  const write = ({ names, write }: Part) => write(...names.map((name) => fields[name]));
  const others = Object.fromEntries(Object.entries(fields).filter(([name]) => !PLACED.has(name)));
  return [...PARTS.map(write), ...listFields(others), ...LAST_PARTS.map(write)].filter((part) => part !== '');
}

function describeWay(stream: Value, background: Value): string {
  if (background === true) return 'background';
  if (stream === undefined) return '';
  return stream === true ? 'stream' : 'whole';
}

function describeTimes(ms: Value, firstMs: Value): string {
  return firstMs === undefined ? seconds(ms) : `${seconds(ms)}, first after ${seconds(firstMs)}`;
}

function describeTokens(input: Value, cached: Value, output: Value, estimated: Value): string {
  if (input === undefined) return '';
  return `${estimated === true ? 'about ' : ''}${input} tokens in (${cached} cached), ${output} out`;
}

function labelled(label: string, value: Value): string {
  return value === undefined ? '' : `${label}: ${value}`;
}

function listFields(fields: Facts): string[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}: ${value}`);
}

function join(...words: readonly Value[]): string {
  return words.filter((word) => word !== undefined && word !== null && word !== '').join(' ');
}

function seconds(ms: Value): string {
  return `${(Number(ms) / 1000).toFixed(Number(ms) < 10_000 ? 2 : 1)} s`;
}
