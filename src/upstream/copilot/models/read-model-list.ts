import { z } from 'zod';

/** A model that answers at Copilot's `/responses`. */
export interface CopilotModel {
  /** Id as Copilot knows it, without a prefix. */
  readonly id: string;
  readonly name: string;
  readonly ownedBy: string;
  /** True if lists of models leave it out; it can be requested nevertheless. */
  readonly isHidden: boolean;
  /** True for the one that Copilot suggests; false for all if it suggests none of them. */
  readonly isDefault: boolean;
  /** Tokens of prompt and answer together; null if unknown. */
  readonly contextLength: number | null;
  /** Maximum tokens of a prompt; null if unknown. */
  readonly maxPromptTokens: number | null;
  readonly reasoningEfforts: readonly string[];
  readonly inputModalities: readonly string[];
}

/** Copilot's list of models, for one account. */
export interface ModelList {
  /** The models that can be requested. */
  readonly models: readonly CopilotModel[];
  /** Routes of the models that do not answer at `/responses`, by their ids. */
  readonly otherRoutes: ReadonlyMap<string, readonly string[]>;
}

const RESPONSES = '/responses';

/** Reads a value as undefined if it has another form: only the id and the endpoints of a model have to be readable. */
const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

// Codex refuses a whole list for a number that is not whole, or for an empty effort.
const tokens = lenient(z.int().positive());
const texts = z
  .array(z.unknown())
  .transform((values) =>
    values.filter((value): value is string => typeof value === 'string' && value !== ''),
  );

const limitsSchema = z.object({
  max_context_window_tokens: tokens,
  max_prompt_tokens: tokens,
  vision: lenient(z.looseObject({})),
});

const supportsSchema = z.object({ vision: lenient(z.boolean()), reasoning_effort: texts.catch([]) });

const capabilitiesSchema = z.object({
  type: z.string().catch(''),
  limits: limitsSchema.catch({}),
  supports: supportsSchema.catch({ reasoning_effort: [] }),
});

/** An entry of the list, with the keys that are read. */
const entrySchema = z.object({
  id: z.string().min(1),
  name: lenient(z.string().min(1)),
  vendor: z.string().min(1).catch('github-copilot'),
  model_picker_enabled: z.boolean().catch(true),
  is_chat_default: z.boolean().catch(false),
  policy: z.object({ state: lenient(z.string()) }).catch({}),
  supported_endpoints: texts.nullish(),
  capabilities: capabilitiesSchema.catch({ type: '', limits: {}, supports: { reasoning_effort: [] } }),
});

type Entry = z.output<typeof entrySchema>;

/** Maximum models of a list: each entry of Codex's list contains a whole prompt, and all are in one body. */
const MAX_MODELS = 500;

/** The route of models of each type, if the list names none. */
const USUAL_ROUTES: Readonly<Record<string, string>> = {
  chat: RESPONSES,
  completion: '/completions',
  embeddings: '/embeddings',
};

/** Reads the answer to `GET /models`, without the entries that cannot be read; undefined if it is not a list. */
export function readModelList(answer: unknown): ModelList | undefined {
  const list = z.object({ data: z.array(z.unknown()) }).safeParse(answer).data;
  if (list === undefined) return undefined;
  const entries = new Map<string, Entry>();
  for (const value of list.data) {
    const entry = entrySchema.safeParse(value).data;
    if (entry !== undefined && !entries.has(entry.id)) entries.set(entry.id, entry);
  }
  const models: CopilotModel[] = [];
  const otherRoutes = new Map<string, readonly string[]>();
  for (const entry of entries.values()) {
    const routes = routesOf(entry);
    if (!routes.includes(RESPONSES)) otherRoutes.set(entry.id, routes);
    else if (entry.policy.state !== 'disabled' && models.length < MAX_MODELS) models.push(decodeModel(entry));
  }
  return { models, otherRoutes };
}

function routesOf({ supported_endpoints: named, capabilities }: Entry): string[] {
  const usual = USUAL_ROUTES[capabilities.type];
  return named ?? (usual === undefined ? [] : [usual]);
}

function decodeModel({ capabilities: { limits, supports }, ...entry }: Entry): CopilotModel {
  const seesImages = supports.vision ?? limits.vision !== undefined;
  return {
    id: entry.id,
    name: entry.name ?? entry.id,
    ownedBy: entry.vendor,
    isHidden: !entry.model_picker_enabled,
    isDefault: entry.is_chat_default,
    contextLength: limits.max_context_window_tokens ?? null,
    maxPromptTokens: limits.max_prompt_tokens ?? null,
    reasoningEfforts: supports.reasoning_effort,
    inputModalities: seesImages ? ['text', 'image'] : ['text'],
  };
}
