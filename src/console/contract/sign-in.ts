import { z } from 'zod';
import { SCOPES } from '../../base/scopes.ts';

/** Scopes that a browser has unless others are asked for. */
const BROWSER_SCOPES = ['console', 'openai', 'sessions', 'tools'] as const;

/** Body of `POST /console/codes`, by which `codex-gateway open` asks for a one-time code. */
export const codeRequestSchema = z.strictObject({
  /** Further scopes than those of the console let it add keys that have them. */
  scopes: z.array(z.enum(SCOPES)).default([...BROWSER_SCOPES]),
  /** Signs the browser in to look only. */
  read_only: z.boolean().default(false),
});

export const codeSchema = z.object({
  code: z.string(),
  /** Seconds for which the code holds. */
  expires_in: z.number(),
});

/** Body of `POST /console/sign-in`. */
export const signInSchema = z.strictObject({ code: z.string().min(1).max(200) });

/** Answer of `POST /console/sign-in`. */
export const signedInSchema = z.object({
  /** The page sends it with each request. The token itself is in a cookie, where no script finds it. */
  page_key: z.string(),
});

export type SignedIn = z.output<typeof signedInSchema>;

/** Answer of `GET /console/way-in`, which anybody gets. */
export const wayInSchema = z.object({
  /** The command that prints a link into the console. */
  open: z.string(),
  is_demo: z.boolean(),
});

export type WayIn = z.output<typeof wayInSchema>;

/** Answer of `GET /console/me`. */
export const meSchema = z.object({
  /** Name under which the browser is listed beside the tokens. */
  name: z.string(),
  scopes: z.array(z.string()),
  read_only: z.boolean(),
  version: z.string(),
});

export type Me = z.output<typeof meSchema>;
