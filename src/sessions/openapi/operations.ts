import { z } from 'zod';
import { approvalAnswerSchema } from '../requests/approval-answer.ts';
import { messageQuerySchema, sessionQuerySchema, threadQuerySchema } from '../requests/list-query.ts';
import { messageBodySchema, steerBodySchema } from '../requests/message.ts';
import { newSessionSchema } from '../requests/new-session.ts';
import { runtimeConfigSchema } from '../requests/provider-fields.ts';
import { forkBodySchema, reviewBodySchema, turnChoiceSchema } from '../requests/turn-requests.ts';
import { ANSWERS } from './answers.ts';

/** A route in the description. */
export interface Operation {
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly status: number;
  /** Undefined for an answer without a body, or with a stream. */
  readonly answer?: z.ZodType;
  readonly isStream?: boolean;
}

const streamQuery = z.object({
  events: z
    .literal('delta')
    .optional()
    .describe('The small events; without it, whole snapshots of the session.'),
  last_event_id: z.string().optional().describe('As the header, for a client that cannot send it.'),
});

const streamHeaders = z.object({
  'Last-Event-ID': z
    .string()
    .optional()
    .describe('The last event that the client has; those after it follow.'),
});

const messageHeaders = z.object({
  'Idempotency-Key': z.string().max(255).optional().describe('A message with the same key is accepted once.'),
});

const SESSION = '/chat/sessions/{id}';

/** The routes of agent sessions, by method and path. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /chat/sessions': {
    summary: 'Creates a session',
    body: newSessionSchema,
    status: 201,
    answer: ANSWERS.session,
  },
  'GET /chat/sessions': {
    summary: 'Lists the sessions of the caller, the last updated one first',
    query: sessionQuerySchema,
    status: 200,
    answer: ANSWERS.sessions,
  },
  'DELETE /chat/sessions': { summary: 'Ends and deletes all sessions of the caller', status: 204 },
  [`GET ${SESSION}`]: { summary: 'Returns a session', status: 200, answer: ANSWERS.session },
  [`DELETE ${SESSION}`]: { summary: 'Ends and deletes a session', status: 204 },
  [`GET ${SESSION}/stream`]: {
    summary: 'Streams a session as server-sent events: whole snapshots, or the events as they happen',
    query: streamQuery,
    headers: streamHeaders,
    status: 200,
    isStream: true,
  },
  [`GET ${SESSION}/messages`]: {
    summary: 'Returns a page of the messages, the last ones or those before one of them, oldest first',
    query: messageQuerySchema,
    status: 200,
    answer: ANSWERS.messages,
  },
  [`POST ${SESSION}/messages`]: {
    summary: 'Sends a message, which becomes a turn',
    headers: messageHeaders,
    body: messageBodySchema,
    status: 202,
    answer: ANSWERS.message,
  },
  [`DELETE ${SESSION}/messages/{message_id}`]: {
    summary: 'Takes back a message that waits',
    status: 200,
    answer: ANSWERS.session,
  },
  [`POST ${SESSION}/approvals`]: {
    summary: 'Decides about a request of the agent',
    body: approvalAnswerSchema,
    status: 202,
    answer: ANSWERS.session,
  },
  [`POST ${SESSION}/interrupt`]: { summary: 'Ends the running turn', status: 202, answer: ANSWERS.session },
  [`POST ${SESSION}/cancel`]: {
    summary: 'Ends the running turn, as `interrupt` does',
    status: 202,
    answer: ANSWERS.session,
  },
  [`POST ${SESSION}/steer`]: {
    summary: 'Adds a message to the running turn',
    body: steerBodySchema,
    status: 202,
    answer: ANSWERS.steered,
  },
  [`POST ${SESSION}/review`]: {
    summary: 'Starts a turn that reviews changes',
    body: reviewBodySchema,
    status: 202,
    answer: ANSWERS.turn,
  },
  [`POST ${SESSION}/compact`]: {
    summary: 'Starts a turn that shortens what the model remembers',
    status: 202,
    answer: ANSWERS.turn,
  },
  [`POST ${SESSION}/fork`]: {
    summary: 'Creates a session with the same history',
    body: forkBodySchema,
    status: 201,
    answer: ANSWERS.session,
  },
  [`GET ${SESSION}/plan`]: { summary: "Returns the agent's plan", status: 200, answer: ANSWERS.plan },
  [`GET ${SESSION}/diff`]: {
    summary: 'Returns what the session, or one turn of it, changed on disk',
    query: turnChoiceSchema,
    status: 200,
    answer: ANSWERS.diff,
  },
  [`POST ${SESSION}/undo`]: {
    summary: 'Puts back what a turn and those after it changed on disk',
    body: turnChoiceSchema,
    status: 200,
    answer: ANSWERS.undone,
  },
  'GET /chat/threads': {
    summary: 'Lists the threads that Codex keeps for a workspace',
    query: threadQuerySchema,
    status: 200,
    answer: ANSWERS.threads,
  },
  'GET /runtime/info': { summary: 'Returns the runtime and its load', status: 200, answer: ANSWERS.info },
  'GET /runtime/config': {
    summary: 'Returns the choices that new sessions begin with',
    status: 200,
    answer: ANSWERS.config,
  },
  'POST /runtime/config': {
    summary: 'Replaces the choices that new sessions begin with',
    body: runtimeConfigSchema,
    status: 200,
    answer: ANSWERS.config,
  },
  'GET /auth/status': { summary: 'Returns the login', status: 200, answer: ANSWERS.login },
  'GET /auth/device': {
    summary: 'Starts a sign-in with a device code, or returns the one that waits',
    status: 200,
    answer: ANSWERS.device,
  },
  'GET /health': { summary: 'Returns the runtime and the login', status: 200, answer: ANSWERS.health },
  'GET /openapi.json': { summary: 'Returns this description', status: 200, answer: ANSWERS.description },
};
