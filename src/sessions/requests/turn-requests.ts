import { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import { decodeRequest, optionalText } from './decode-request.ts';

const MAX_ID_CHARACTERS = 100;
const MAX_NAME_CHARACTERS = 1000;
const MAX_INSTRUCTIONS_CHARACTERS = 100_000;

const turnField = optionalText(MAX_ID_CHARACTERS);

/** Schema of the query of `GET /chat/sessions/:id/diff`, and of the body of `POST /chat/sessions/:id/undo`. */
export const turnChoiceSchema = z.object({ turn: turnField });

/** Schema of the body of `POST /chat/sessions/:id/fork`. */
export const forkBodySchema = z.object({ last_turn_id: turnField });

/** Decodes the query of `GET /chat/sessions/:id/diff`; undefined stands for all turns. */
export function decodeTurnQuery(query: unknown): string | undefined {
  return decodeRequest(turnChoiceSchema, query).turn;
}

/** Decodes the body of `POST /chat/sessions/:id/undo`. */
export function decodeUndo(body: unknown): string {
  const { turn } = decodeRequest(turnChoiceSchema, body);
  if (turn === undefined)
    throw new GatewayError('missing_parameter', "'turn' is missing.", { param: 'turn' });
  return turn;
}

/** Decodes the body of `POST /chat/sessions/:id/fork`; undefined stands for the whole history. */
export function decodeFork(body: unknown): string | undefined {
  return decodeRequest(forkBodySchema, body).last_turn_id;
}

const required = (maxCharacters: number) => z.string().trim().min(1).max(maxCharacters);

const targetSchema = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('uncommittedChanges') }),
    z.object({ type: z.literal('baseBranch'), branch: required(MAX_NAME_CHARACTERS) }),
    z.object({
      type: z.literal('commit'),
      sha: z.string().regex(/^[0-9a-f]{4,64}$/i, 'expected the hash of a commit'),
      title: z
        .string()
        .max(MAX_NAME_CHARACTERS)
        .nullish()
        .transform((title) => title ?? null),
    }),
    z.object({ type: z.literal('custom'), instructions: required(MAX_INSTRUCTIONS_CHARACTERS) }),
  ],
  'expected one of "uncommittedChanges", "baseBranch", "commit", "custom"',
);

const UNCOMMITTED = { type: 'uncommittedChanges' } as const;

/** Schema of the body of `POST /chat/sessions/:id/review`. */
export const reviewBodySchema = z.object({ target: targetSchema.nullish() });

/** Decodes the body of `POST /chat/sessions/:id/review`; without a target, the uncommitted changes are reviewed. */
export function decodeReview(body: unknown): z.output<typeof targetSchema> {
  return decodeRequest(reviewBodySchema, body).target ?? UNCOMMITTED;
}
