import { z } from 'zod';

/** Query of `GET /console/clients`. */
export const clientsQuerySchema = z.strictObject({
  /** The address by which this browser reaches the gateway, such as `http://127.0.0.1:8000`. */
  origin: z
    .string()
    .max(500)
    .regex(/^https?:\/\/[\w.[\]:-]+(?:\/[\w./~-]+)?$/, 'it is not the address of a gateway'),
  /** The default model without it. */
  model: z.string().min(1).max(200).optional(),
});

/** Answer of `GET /console/clients`. */
export const clientsSchema = z.object({
  /** The model that the lines name. */
  model: z.string(),
  /** Ids of the models to choose from. */
  models: z.array(z.string()),
  /** Text of the lines that the key replaces. */
  placeholder: z.string(),
  clients: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      kind: z.enum(['library', 'program']),
      /** A sentence that says where the lines belong. */
      place: z.string(),
      /** The lines to copy. */
      text: z.string(),
      /** The end of the link to its section in `docs/clients.md`. */
      section: z.string(),
    }),
  ),
});

export type ClientsQuery = z.output<typeof clientsQuerySchema>;
export type ClientSetUps = z.output<typeof clientsSchema>;

/** Body of `POST /console/clients/trial`. */
export const trialRequestSchema = z.strictObject({
  /** Id of the client. */
  client: z.string().max(200),
  model: z.string().min(1).max(200),
  /** A key that was just made; without it, the request is sent in the name of this browser. */
  key: z.string().min(1).max(200).optional(),
});

/** Answer of `POST /console/clients/trial`: what became of a request as the client would send it. */
export const trialSchema = z.object({
  /** Its method and path. */
  request: z.string(),
  user_agent: z.string(),
  sent_as: z.enum(['key', 'browser']),
  /** 0 if there was no answer. */
  status: z.number(),
  ms: z.number(),
  /** The text of the answer. */
  text: z.string(),
  /** Null for an answer without one. */
  error: z.object({ code: z.string().nullable(), message: z.string() }).nullable(),
  /** Names of fields that had no effect, as the answer's header has them; '' for none. */
  ignored: z.string(),
});

export type TrialRequest = z.output<typeof trialRequestSchema>;
export type ClientTrial = z.output<typeof trialSchema>;
