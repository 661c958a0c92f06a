/** Parts of OpenAI's API that Codex does not have, by the first segment of their paths. */
const ABSENT: Readonly<Record<string, string>> = {
  agents: 'agents',
  assistants: 'assistants',
  audio: 'speech, transcription or translation',
  batches: 'batches',
  chatkit: 'ChatKit',
  containers: 'containers',
  content_provenance_checks: 'checks of where content comes from',
  decisions: 'decisions',
  edits: 'edits',
  embeddings: 'embeddings',
  engines: 'engines',
  evals: 'evals',
  files: 'files',
  'fine-tunes': 'fine-tuning',
  fine_tuning: 'fine-tuning',
  images: 'API for images',
  live: 'live sessions',
  moderations: 'moderations',
  organization: 'API for organizations',
  projects: 'API for organizations',
  realtime: 'realtime sessions',
  safety: 'API for safety',
  skills: 'API for skills',
  threads: 'assistants',
  uploads: 'files',
  vaults: 'vaults',
  vector_stores: 'vector stores',
  videos: 'videos',
  webhook_endpoints: 'webhooks',
  webhook_event_types: 'webhooks',
};

/** Returns the part of OpenAI's API that a path belongs to and Codex lacks; undefined for any other path. */
export function absentFrom(path: string): string | undefined {
  const [, name = ''] = /^\/v1\/([^/]+)/.exec(path) ?? [];
  return Object.hasOwn(ABSENT, name) ? ABSENT[name] : undefined;
}

/** Returns true if a first segment is one that OpenAI's API has and Codex lacks. */
export function isAbsent(segment: string): boolean {
  return Object.hasOwn(ABSENT, segment);
}
