import { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import { withoutUndefined } from '../../base/json.ts';
import { decodeRequest, optionalText, optionalWord } from './decode-request.ts';
import { MAX_PATH_CHARACTERS } from './provider-fields.ts';

const MAX_LIMIT = 100;
const LIMIT = { error: `expected a number from 1 to ${MAX_LIMIT}` };

const pageShape = {
  limit: z.coerce.number(LIMIT).int(LIMIT).min(1, LIMIT).max(MAX_LIMIT, LIMIT).default(20),
  after: optionalText(2000),
};

/** Schema of the query of `GET /chat/sessions`. */
export const sessionQuerySchema = z.object({
  ...pageShape,
  status: optionalWord(['idle', 'queued', 'running', 'error']),
  mode: optionalWord(['workspace', 'entity']),
  workspace_root: optionalText(MAX_PATH_CHARACTERS),
});

/** The last session of a page. */
export interface PageEnd {
  readonly id: string;
  readonly updatedAt: number;
}

/** Decodes the query of `GET /chat/sessions`. */
export function decodeSessionQuery(query: unknown) {
  const { limit, after, ...filter } = decodeRequest(sessionQuerySchema, query);
  return {
    limit,
    before: after === undefined ? undefined : decodePageEnd(after),
    filter: withoutUndefined(filter),
  };
}

/** Schema of the query of `GET /chat/threads`. */
export const threadQuerySchema = z.object({
  ...pageShape,
  workspace_root: optionalText(MAX_PATH_CHARACTERS),
});

/** Decodes the query of `GET /chat/threads`. */
export function decodeThreadQuery(query: unknown) {
  const { limit, after: cursor, workspace_root: workspace } = decodeRequest(threadQuerySchema, query);
  return { limit, cursor, workspace };
}

/** Schema of the query of `GET /chat/sessions/:id/messages`. */
export const messageQuerySchema = z.object({
  limit: pageShape.limit,
  before: optionalText(64).describe('`next` of the page before, or the id of a message: older ones follow.'),
});

/** Decodes the query of `GET /chat/sessions/:id/messages`. */
export function decodeMessageQuery(query: unknown) {
  return decodeRequest(messageQuerySchema, query);
}

/** Encodes the end of a page, as clients send it back in `after`. */
export function encodePageEnd({ id, updatedAt }: PageEnd): string {
  return Buffer.from(`${updatedAt}.${id}`).toString('base64url');
}

function decodePageEnd(text: string): PageEnd {
  const [, updatedAt, id] =
    /^(\d{1,15})\.([\w-]{1,64})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (updatedAt === undefined || id === undefined)
    throw new GatewayError('invalid_value', "Invalid 'after': expected `next` of an earlier page.", {
      param: 'after',
    });
  return { id, updatedAt: Number(updatedAt) };
}
