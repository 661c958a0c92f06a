import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import type { Item } from '../../../conversation/item.ts';
import type { Turn } from '../../../conversation/turn.ts';

/** The passthrough tools of a turn: tools in the provider's own format, which are sent upstream unchanged. */
export interface PassthroughTools {
  /** True if the raw item is a call, or the provider's own work, that these tools allow. */
  admits(item: ResponseItem): boolean;
}

/** Types of items that contain tools. */
const ITEMS_WITH_TOOLS: readonly unknown[] = ['additional_tools', 'tool_search_output'];

/** Namespace that a model may name, or leave out, for a tool without a namespace. */
export const TOP_NAMESPACE = 'functions';

/** Reads the declarations of the turn's passthrough tools and of those in its conversation. */
export function createPassthroughTools({ passthroughTools = [], items }: Turn): PassthroughTools {
  const declared = new Set<string>();
  for (const tool of [...passthroughTools, ...items.flatMap(toolsOf)]) declare(tool, TOP_NAMESPACE);
  const hasToolSearch = declared.has('tool_search');

  function declare(tool: JsonObject, namespace: string): void {
    const { type, name } = tool;
    if (type === 'namespace') {
      for (const member of toolsIn(tool)) declare(member, String(name));
    } else if (type === 'function' || type === 'custom') {
      declared.add(keyOf(type, name, namespace));
    } else if (typeof type === 'string') {
      // Web search has several versions, distinguished by a date or a word after its name.
      declared.add(type.startsWith('web_search') ? 'web_search' : type);
    }
  }

  return {
    admits(item) {
      switch (item.type) {
        case 'function_call':
          // The model may call at once what a tool search has found.
          return hasToolSearch || declared.has(keyOf('function', item.name, item.namespace));
        case 'custom_tool_call':
          return declared.has(keyOf('custom', item.name, item.namespace));
        case 'tool_search_call':
        case 'tool_search_output':
          return hasToolSearch;
        case 'web_search_call':
          return declared.has('web_search');
        default:
          return false;
      }
    },
  };
}

function keyOf(type: string, name: unknown, namespace: string = TOP_NAMESPACE): string {
  return JSON.stringify([type, namespace, name]);
}

function toolsOf(item: Item): JsonObject[] {
  return item.type === 'passthrough' && ITEMS_WITH_TOOLS.includes(item.item.type) ? toolsIn(item.item) : [];
}

function toolsIn({ tools }: JsonObject): JsonObject[] {
  return Array.isArray(tools) ? tools.filter(isJsonObject) : [];
}
