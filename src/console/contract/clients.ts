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
