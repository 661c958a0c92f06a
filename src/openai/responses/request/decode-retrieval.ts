import { z } from 'zod';
import { decodeValue } from '../../request/decode-body.ts';
import { decodeInclude, type Query } from '../../request/query.ts';

/** The parameters with which a client retrieves a stored response. */
export interface Retrieval {
  readonly include: ReadonlySet<string>;
  readonly stream: boolean;
  /** The `sequence_number` of the last event that the client has; -1 if it has none. */
  readonly startingAfter: number;
}

const retrievalSchema = z.object({
  stream: z.enum(['true', 'false']).optional(),
  starting_after: z
    .string()
    .regex(/^\d{1,9}$/, { error: "expected the 'sequence_number' of an event" })
    .optional(),
});

/** Decodes `ResponseRetrieveParams`. */
export function decodeRetrieval(query: Query): Retrieval {
  const { stream, starting_after: startingAfter } = decodeValue(retrievalSchema, query, []);
  return {
    include: decodeInclude(query),
    stream: stream === 'true',
    startingAfter: startingAfter === undefined ? -1 : Number(startingAfter),
  };
}
