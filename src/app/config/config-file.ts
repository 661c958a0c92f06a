import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { z } from 'zod';
import { StartupError } from '../../base/errors.ts';
import { parseNetworks } from '../../http/requests/client-address.ts';
import { parseNamedHost } from '../../http/requests/host-rules.ts';
import { parseOriginEntry } from '../../http/requests/origin-rules.ts';
import { copilotSchema } from './copilot-settings.ts';
import { modelsSchema, turnDefaults } from './model-settings.ts';
import { sessionsSchema } from './session-settings.ts';
import { toolsSchema } from './tool-settings.ts';
import { describeConfigIssue } from './describe-config-issue.ts';
import { findJsonError } from './json-error.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** `auto` is text on a terminal and JSON elsewhere. */
export const LOG_FORMATS = ['auto', 'text', 'json'] as const;

export const TRANSPORTS = ['http', 'websocket', 'auto'] as const;

const bodyBytes = z
  .int()
  .positive()
  .max(256 * 1024 * 1024);

const seconds = z.number().positive().max(86_400);

/** Schema of `config.json`: flat camelCase keys with the names of the flags, and their defaults. */
export const configFileSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8000),
  /** Hosts that a request may name beside this machine. */
  allowedHosts: z
    .array(
      z.string().refine((host) => parseNamedHost(host) !== undefined, {
        error: 'expected a host name or an address, with or without a port',
      }),
    )
    .default([]),
  /** Web pages and apps that may call beside pages of this machine; by default all apps. */
  allowedOrigins: z
    .array(
      z.string().refine((origin) => parseOriginEntry(origin) !== undefined, {
        error: "expected an origin such as 'https://app.example', or 'app://*' for all of a scheme of apps",
      }),
    )
    .optional(),
  /** Addresses and networks of reverse proxies, whose `X-Forwarded-For` is believed. */
  trustedProxies: z
    .array(
      z.string().refine((network) => parseNetworks([network]) !== undefined, {
        error: "expected an address, or a network such as '10.0.0.0/8'",
      }),
    )
    .default([]),
  token: z.string().min(1).optional(),
  codex: z.string().min(1).optional(),
  logLevel: z.enum(LOG_LEVELS).default('info'),
  logFormat: z.enum(LOG_FORMATS).default('auto'),
  /** Files of the log of a gateway in the background: the bytes at which one is full, and how many are kept. */
  log: z
    .strictObject({
      maxBytes: z
        .int()
        .positive()
        .default(10 * 1024 * 1024),
      files: z.int().positive().max(1000).default(5),
    })
    .prefault({}),
  /** Requests that the console lists, in memory alone. */
  requestLog: z
    .strictObject({
      count: z.int().positive().max(10_000).default(1000),
      /** Holds the bodies of requests and answers, too, which contain what people have written. */
      bodies: z.boolean().default(false),
    })
    .prefault({}),
  /** The older name of `limits.bodyBytes`. */
  bodyLimit: bodyBytes.optional(),
  /** A provider among the `model_providers` in Codex's config.toml, in place of the one selected there. */
  provider: z.string().min(1).optional(),
  ...turnDefaults,
  /** Id of a model or of an entry of `models`, for requests that name none. */
  defaultModel: z.string().min(1).optional(),
  /** Additional model ids: aliases, presets, and models that no catalog lists. */
  models: modelsSchema,
  /** Hosts from which images are fetched even if they are in a private network. */
  imageHosts: z
    .array(
      z.string().refine(isHost, { error: 'expected a host name or an address, without scheme and port' }),
    )
    .default([]),
  /** `strict` refuses everything that is not supported; `compat` ignores hints and reports that. */
  compatibility: z.enum(['compat', 'strict']).default('compat'),
  /** Lets `max_tokens` and `max_completion_tokens` cut answers, or ignores them. */
  maxTokens: z.enum(['ignore', 'enforce']).default('ignore'),
  /** Requests reasoning summaries from models. */
  reasoningSummary: z.boolean().default(true),
  /** Seconds after which a silent answer sends a keep-alive. */
  keepAlive: z
    .strictObject({
      comment: seconds.default(15),
      heartbeat: seconds.default(60),
      firstSpace: z.number().min(0).max(86_400).default(20),
      nextSpace: seconds.default(30),
    })
    .prefault({}),
  /** Seconds until the next try, if an overloaded provider names no time. */
  retryAfter: seconds.default(5),
  /** Lets a conversation go on in the thread of its earlier requests. */
  continuation: z.boolean().default(true),
  /** The connection to the provider; `auto` takes WebSockets for OpenAI. */
  transport: z.enum(TRANSPORTS).default('http'),
  nativeTools: z.enum(['auto', 'off']).default('auto'),
  /** Maximum age and number of stored responses and conversations; `false` stores none. */
  store: z
    .union([
      z.literal(false),
      z.strictObject({
        /** Days since the last use; OpenAI keeps responses for 30. */
        days: z.number().positive().max(36_500).default(30),
        /** Enough for an agent's longest day; some hundred megabytes with ordinary tools. */
        count: z.int().positive().max(1_000_000).default(10_000),
      }),
    ])
    .prefault({}),
  limits: z
    .strictObject({
      /** Maximum number of running and of waiting turns; a running one costs the child about a megabyte. */
      running: z.int().positive().max(10_000).default(128),
      waiting: z.int().min(0).max(100_000).default(1024),
      /** Maximum number of requests of one token that run and wait together; less than all, so that others find room. */
      perToken: z.int().positive().max(110_000).default(512),
      bodyBytes: bodyBytes.optional(),
    })
    .prefault({}),
  /** Bytes over which an app-server is replaced. */
  child: z
    .strictObject({
      maxMemoryBytes: z
        .int()
        .positive()
        .default(2 * 1024 ** 3),
      maxLogBytes: z
        .int()
        .positive()
        .default(256 * 1024 ** 2),
    })
    .prefault({}),
  deadlines: z
    .strictObject({
      start: seconds.default(30),
      firstByte: seconds.default(300),
      idle: seconds.default(300),
      turn: seconds.default(3600),
    })
    .prefault({}),
  /** GitHub Copilot, the adapter at `/copilot/v1` and the models `copilot/…`. */
  copilot: copilotSchema.prefault({}),
  /** Agents that work in folders. */
  sessions: sessionsSchema.prefault({}),
  /** Tools that assistants share. */
  tools: toolsSchema.prefault({}),
});

/** Returns true if the text is a valid host, and nothing more, in a URL. */
function isHost(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const url = URL.parse(`http://${text}/`);
  return url !== null && url.href === `http://${url.hostname}/` && !/[*:]/.test(text);
}

type WrittenConfig = z.output<typeof configFileSchema>;

export interface ConfigFile extends Omit<WrittenConfig, 'bodyLimit' | 'limits'> {
  readonly limits: WrittenConfig['limits'] & { readonly bodyBytes: number };
}

/** Settings that only the way from a request to a turn depends on. */
export type RoutingSettings = Pick<
  ConfigFile,
  'models' | 'reasoningEffort' | 'verbosity' | 'serviceTier' | 'system' | 'reasoningSummary'
>;

const DEFAULT_BODY_BYTES = 64 * 1024 * 1024;

/** Reads the config file; only a file that was named explicitly must exist. */
export async function readConfigFile(path: string, required: boolean): Promise<ConfigFile> {
  return parseConfig(await readConfigText(path, required), path);
}

/** Reads the text of the config file; a missing one is an empty object. */
export async function readConfigText(path: string, required: boolean): Promise<string> {
  try {
    // Some editors write a byte order mark.
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!required && code === 'ENOENT') return '{}';
    throw new StartupError(
      `The config file ${path} cannot be read (${code}); make it readable, or name another with --config.`,
    );
  }
}

export function parseConfig(text: string, path: string): ConfigFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { line, column, why } = findJsonError(text);
    throw new StartupError(
      `The config file ${path} is not valid JSON at line ${line}, column ${column}: ${why}.`,
    );
  }
  const result = configFileSchema.safeParse(value);
  if (result.success) return withBodyBytes(result.data, path);
  const what = describeConfigIssue(result.error.issues[0]!, configFileSchema);
  throw new StartupError(`The config file ${path} is wrong: ${what}`);
}

/** Moves the limit of bodies from its older place to its own. */
function withBodyBytes({ bodyLimit, limits, ...rest }: WrittenConfig, path: string): ConfigFile {
  if (bodyLimit !== undefined && limits.bodyBytes !== undefined) {
    throw new StartupError(
      `The config file ${path} is wrong: 'bodyLimit' is the older name of 'limits.bodyBytes'; remove it.`,
    );
  }
  const bodyBytes = limits.bodyBytes ?? bodyLimit ?? DEFAULT_BODY_BYTES;
  return { ...rest, limits: { ...limits, bodyBytes } };
}
