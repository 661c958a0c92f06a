import { z } from 'zod';

/** Fields of the load that clients of codex-bridge read. */
const loadSchema = z.object({
  active_turns: z.number(),
  pending_turns: z.number(),
  max_concurrent_turns: z.number(),
  max_queued_turns: z.number(),
});

const configSchema = z.object({
  runtime_provider: z.enum(['openai', 'ollama', 'vllm', 'osirus', 'osirus_agent', 'openai_compatible']),
  auth_mode: z.enum(['chatgpt', 'api_key', 'none']),
  provider_api_base_url: z.string(),
  has_provider_api_key: z.boolean(),
  default_model: z.string(),
  workspace_root: z.string(),
});

const approvalSchema = z.object({
  request_id: z.union([z.string(), z.number()]),
  method: z.string(),
  title: z.string(),
  description: z.string(),
  preview: z.string(),
  payload: z.record(z.string(), z.unknown()),
  created_at: z.number(),
});

const sessionSchema = z.object({
  id: z.string(),
  thread_id: z.string().nullable(),
  status: z.enum(['idle', 'queued', 'running', 'error']),
  mode: z.enum(['workspace', 'entity']),
  context: z.record(z.string(), z.unknown()),
  messages: z.array(
    z.object({
      id: z.string(),
      role: z.enum(['user', 'assistant']),
      text: z.string(),
      created_at: z.number(),
      attachments: z
        .array(z.object({ name: z.string(), mime_type: z.string(), data_url: z.string() }))
        .optional(),
    }),
  ),
  events: z
    .array(
      z.object({
        type: z.string(),
        item: z.object({ type: z.string(), text: z.string().optional() }).optional(),
        text: z.string().optional(),
        preview: z.string().optional(),
      }),
    )
    .max(40),
  running: z.boolean(),
  pending_approval: approvalSchema.nullable(),
  last_error: z.string().nullable(),
  assistant_draft: z.string(),
  created_at: z.number(),
  updated_at: z.number(),
});

const infoSchema = z.object({
  ok: z.literal(true),
  service: z.literal('codex-bridge'),
  runtime_kind: z.literal('app_server_adapter'),
  protocol: z.string(),
  codex_command: z.string(),
  codex_home: z.string(),
  sandbox_mode: z.string(),
  workspace_root: z.string(),
  runtime_config: configSchema,
  bridge_load: loadSchema,
  capabilities: z.object({
    chat_sessions: z.literal(true),
    session_streaming: z.literal(true),
    device_auth: z.boolean(),
    cms_generation_routes: z.literal(false),
    openai_compatible_routes: z.literal(true),
    app_server_transport: z.boolean(),
    long_lived_worker: z.boolean(),
    concurrency_controls: z.boolean(),
  }),
});

const loginFields = {
  logged_in: z.boolean(),
  auth_mode: z.enum(['chatgpt', 'api_key', 'none']),
  message: z.string(),
};
const answered = z.object({ ok: z.literal(true), session: sessionSchema });

/** Every field that clients of codex-bridge read, by the route that sends it; `device_auth` is null before a sign-in. */
export const BRIDGE_ANSWERS = {
  health: infoSchema.extend({
    auth_state: z.string(),
    has_api_key: z.boolean(),
    login_status: z.object({ ...loginFields, device_auth: z.unknown() }),
  }),
  info: infoSchema,
  config: z.object({ ok: z.literal(true), service: z.string(), config: configSchema }),
  changed: z.object({ ok: z.literal(true), service: z.string(), changed: z.unknown(), config: configSchema }),
  status: z.object({ ok: z.literal(true), ...loginFields, device_auth: z.unknown() }),
  device: z.object({ ok: z.literal(true), auth_mode: z.string(), message: z.string() }),
  session: answered,
  sent: answered.extend({ queued: z.boolean(), bridge_load: loadSchema }),
  error: z.object({ ok: z.literal(false), error: z.string() }),
} as const;

type BridgeSession = z.output<typeof sessionSchema>;

/** The stream of snapshots, as a client has read it. */
export interface ReadStream {
  /** Names of the events, in order. */
  readonly names: readonly string[];
  /** Text that was added to the screen piece by piece. */
  readonly text: string;
  readonly last: BridgeSession;
}

/** Follows the stream of a session as a client of codex-bridge does: by the differences of the draft, until it is over. */
export async function readSnapshots(
  response: Response,
  onApproval: (approval: z.output<typeof approvalSchema>) => Promise<void>,
): Promise<ReadStream> {
  const names: string[] = [];
  let carry = '';
  let draft = '';
  let text = '';
  let asked = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    carry += decoder.decode(chunk, { stream: true });
    const frames = carry.split('\n\n');
    carry = frames.pop()!;
    for (const frame of frames) {
      const fields = new Map(
        frame
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
      );
      const name = fields.get('event');
      if (name === undefined) continue;
      names.push(name);
      const { session } = z.object({ session: sessionSchema }).parse(JSON.parse(fields.get('data')!));
      if (session.assistant_draft.startsWith(draft)) text += session.assistant_draft.slice(draft.length);
      draft = session.assistant_draft;
      const approval = session.pending_approval;
      if (approval && String(approval.request_id) !== asked) {
        asked = String(approval.request_id);
        await onApproval(approval);
      }
      if (name === 'session.completed' || name === 'session.error') return { names, text, last: session };
    }
  }
  throw new Error(`The stream ended after ${names.join(', ')}.`);
}
