import { z } from 'zod';
import { SCOPES } from '../../base/scopes.ts';

const count = z.int().positive().nullable();

const limitsSchema = z.strictObject({
  /** Turns at once. */
  turns: count.default(null),
  /** Requests a minute. */
  requests: count.default(null),
  /** Tokens of the model a day, in and out. */
  tokens: count.default(null),
});

const scopesSchema = z.array(z.enum(SCOPES));

const listedSchema = z.object({
  name: z.string(),
  scopes: scopesSchema,
  /** Null for the gateway's own token, as no other time is. */
  created: z.number().nullable(),
  /** Null for a token without an end. */
  expires: z.number().nullable(),
  /** Null for a token that was not used yet. */
  last_used: z.number().nullable(),
  user_agent: z.string().nullable(),
  limits: limitsSchema,
  /** Set for a browser that is signed in. */
  browser: z
    .object({
      read_only: z.boolean(),
      /** Name of the token in whose name it signed in; null for one that is gone. */
      owner: z.string().nullable(),
      /** True for the browser that asks. */
      is_this: z.boolean(),
    })
    .nullable(),
});

/** Answer of `GET /console/tokens`. */
export const tokenListSchema = z.object({
  /** The gateway's own token comes first, then the others, oldest first. */
  tokens: z.array(listedSchema),
  /** Tokens whose files cannot be read. */
  broken: z.array(z.object({ name: z.string(), problem: z.string() })),
  /** The scopes that the one who asks can give to a token; none if it cannot add any. */
  grantable: scopesSchema,
});

export type ListedKeys = z.output<typeof tokenListSchema>;
export type ListedKey = ListedKeys['tokens'][number];

/** Body of `POST /console/tokens`. */
export const newTokenSchema = z.strictObject({
  name: z.string().max(200),
  scopes: scopesSchema.min(1).default(['openai']),
  expires: z.number().nullable().default(null),
  limits: limitsSchema.default({ turns: null, requests: null, tokens: null }),
});

/** Body of `POST /console/tokens` before its defaults are filled in. */
export type NewKey = z.input<typeof newTokenSchema>;

/** Answer of `POST /console/tokens`: the only one that ever contains the token. */
export const addedTokenSchema = z.object({ name: z.string(), token: z.string() });

export type AddedKey = z.output<typeof addedTokenSchema>;
