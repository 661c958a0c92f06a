import {
  openServedKnowledge,
  type KnowledgeOptions,
  type KnowledgeSearch,
} from '../../store/knowledge/serve-knowledge.ts';
import { serveCalls } from './serve-calls.ts';

serveCalls(async (data) => {
  const { search, close } = await openServedKnowledge(data as KnowledgeOptions);
  return { run: async (call) => await search(call as KnowledgeSearch), close };
});
