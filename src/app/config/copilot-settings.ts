import { z } from 'zod';
import { isWebAddress } from '../../base/network.ts';
import { isToken } from '../../upstream/copilot/auth/token-kinds.ts';
import { KEPT_BACK_HEADERS } from '../../upstream/copilot/request/kept-back-headers.ts';
import { DIAGNOSTICS_LEVELS } from '../../upstream/copilot/diagnostics/diagnostics-options.ts';

/** A name in lower case, as Node has those of a request. */
const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^`|~\w-]+$/, { error: 'expected the name of a header' })
  .toLowerCase()
  .refine((name) => !KEPT_BACK_HEADERS.has(name), {
    error: 'expected another header: this one is set for each request, or stays on this machine',
  });

const headerValue = z
  .string()
  .regex(/^[\u0020-\u007E]*$/, { error: 'expected a header in printable ASCII characters' });

const url = z
  .string()
  .refine(isWebAddress, { error: 'expected a URL that begins with https:// or http://' })
  .transform((text) => text.replace(/\/+$/, ''));

/** Keys of Codex's list of models that are left out unless a setting has them. */
const codexModel = z.strictObject({
  apply_patch_tool_type: z.string().min(1).nullable().optional(),
  use_responses_lite: z.boolean().optional(),
  tool_mode: z.string().min(1).nullable().optional(),
  multi_agent_version: z.string().min(1).nullable().optional(),
  supports_search_tool: z.boolean().optional(),
});

/** Bounds of the numbers that variables of the environment set too. */
export const COPILOT_BOUNDS = {
  /** A line has to have room for the note that it was cut. */
  maxLineBytes: { min: 256, max: 64 * 1024 * 1024 },
  contentBytes: { min: 0, max: 64 * 1024 * 1024 },
} as const;

const { maxLineBytes, contentBytes } = COPILOT_BOUNDS;

/** Schema of `copilot` in the config file. */
export const copilotSchema = z.strictObject({
  /** Serves the routes and models of Copilot. */
  enabled: z.boolean().default(true),
  /** A token of any kind. */
  token: z.string().trim().refine(isToken, { error: 'expected a token without white space' }).optional(),
  tokenFile: z.string().min(1).optional(),
  /** Asks `gh auth token` for a token if there is no other. */
  useGhCli: z.boolean().default(false),
  /** URL of Copilot's API, in place of the one that GitHub gives. */
  baseUrl: url.optional(),
  /** Host of a GitHub Enterprise account, such as `octocorp.ghe.com`. */
  githubHost: z
    .string()
    .refine(isHostName, { error: 'expected a host name, without scheme and path' })
    .toLowerCase()
    .optional(),
  /** The name under which requests are sent. */
  identity: z.enum(['editor', 'gateway']).default('editor'),
  /** Headers that replace those of the identity; null removes one. */
  headers: z.record(headerName, headerValue.nullable()).default({}),
  /** Further headers of the client that are sent to Copilot. */
  forwardHeaders: z.array(headerName).default([]),
  /** Takes `web_search` tools, which Copilot refuses, out of a request. */
  stripWebSearch: z.boolean().default(true),
  /** Takes Codex's notes about the machine out of a request. */
  stripTurnMetadata: z.boolean().default(true),
  rateLimit: z
    .strictObject({
      /** Seconds that all waits of one request may take; 0 waits for nothing. */
      budget: z.number().min(0).max(86_400).default(60),
      /** Maximum seconds of one wait. */
      maxSleep: z.number().positive().max(86_400).default(60),
    })
    .prefault({}),
  /** Settings of single models, by their ids. */
  models: z.record(z.string().min(1), codexModel).default({}),
  diagnostics: z
    .strictObject({
      level: z.enum(DIAGNOSTICS_LEVELS).default('off'),
      file: z.string().min(1).optional(),
      maxLineBytes: z.int().min(maxLineBytes.min).max(maxLineBytes.max).default(65_536),
      contentBytes: z.int().min(contentBytes.min).max(contentBytes.max).default(16_384),
      /** Bytes at which a new file begins. */
      maxFileBytes: z
        .int()
        .min(256)
        .max(1024 ** 4)
        .default(10_485_760),
    })
    .prefault({}),
});

function isHostName(text: string): boolean {
  const parsed = URL.parse(`https://${text}/`);
  return parsed !== null && parsed.href === `https://${parsed.hostname}/` && !text.includes('*');
}
