import type { ResponseItem } from '../../../generated/ResponseItem.js';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { Item } from '../../conversation/item.ts';
import type { Turn } from '../../conversation/turn.ts';

/** What a model may do of tools in the provider's own form. */
export interface NativeOffer {
  /** Whether the raw item is a call, or the provider's own work, that those tools allow. */
  admits(item: ResponseItem): boolean;
}

/** Items that bring tools of their own. */
const OFFERING: readonly unknown[] = ['additional_tools', 'tool_search_output'];

/** Where a model need not say to which group a tool belongs, and may say it of one that belongs to none. */
export const TOP_GROUP = 'functions';

/** Takes up what the tools of the turn and of its conversation declare. */
export function createNativeOffer({ passthroughTools: nativeTools = [], items }: Turn): NativeOffer {
  const declared = new Set<string>();
  for (const tool of [...nativeTools, ...items.flatMap(toolsOf)]) declare(tool, TOP_GROUP);
  const searches = declared.has('tool_search');

  function declare(tool: JsonObject, group: string): void {
    const { type, name } = tool;
    if (type === 'namespace') {
      for (const one of toolsIn(tool)) declare(one, String(name));
    } else if (type === 'function' || type === 'custom') {
      declared.add(keyOf(type, name, group));
    } else if (typeof type === 'string') {
      // Web search has several versions, which a date or a word behind its name tells apart.
      declared.add(type.startsWith('web_search') ? 'web_search' : type);
    }
  }

  return {
    admits(item) {
      switch (item.type) {
        case 'function_call':
          // What a search has found, the model may call at once.
          return searches || declared.has(keyOf('function', item.name, item.namespace));
        case 'custom_tool_call':
          return declared.has(keyOf('custom', item.name, item.namespace));
        case 'tool_search_call':
        case 'tool_search_output':
          return searches;
        case 'web_search_call':
          return declared.has('web_search');
        default:
          return false;
      }
    },
  };
}

function keyOf(kind: string, name: unknown, group: string = TOP_GROUP): string {
  return JSON.stringify([kind, group, name]);
}

function toolsOf(item: Item): JsonObject[] {
  return item.type === 'passthrough' && OFFERING.includes(item.item.type) ? toolsIn(item.item) : [];
}

function toolsIn({ tools }: JsonObject): JsonObject[] {
  return Array.isArray(tools) ? tools.filter(isJsonObject) : [];
}
