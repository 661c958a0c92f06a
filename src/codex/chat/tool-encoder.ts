import { createHash } from 'node:crypto';
import { runInSlices } from '../../base/async/steps.ts';
import type { Tool } from '../../conversation/tool.ts';
import { weigh } from '../protocol/format-line.ts';
import { encodeTools, type EncodedTools } from './encode/encode-tools.ts';

/** Encoded tools with a short text that is the same for the same tools only; undefined for tools that are too long for one. */
export interface KeyedTools extends EncodedTools {
  readonly key: string | undefined;
}

/** Encodes the tools of one request after another, and those that it has seen lately only once. */
export interface ToolEncoder {
  encode(tools: readonly Tool[], signal: AbortSignal): Promise<KeyedTools>;
}

/** Maximum number of lists of tools that are remembered. */
const MAX_LISTS = 16;
/** Maximum characters of a list that is remembered. */
const MAX_CHARACTERS = 256 * 1024;

export function createToolEncoder(): ToolEncoder {
  /** By their JSON, the one that was used last at the end. */
  const recent = new Map<string, KeyedTools>();
  return {
    async encode(tools, signal) {
      const encode = async () => await runInSlices(encodeTools(tools), signal);
      if (weigh(tools, MAX_CHARACTERS) > MAX_CHARACTERS) return { ...(await encode()), key: undefined };
      const json = JSON.stringify(tools);
      const encoded = recent.get(json) ?? { ...(await encode()), key: digestOf(json) };
      recent.delete(json);
      recent.set(json, encoded);
      const [oldest] = recent.keys();
      if (recent.size > MAX_LISTS) recent.delete(oldest!);
      return encoded;
    },
  };
}

/** Returns a short text for the key: threads are kept and compared by it, and tools may be long. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
