import { z } from 'zod';
import { decodeValue } from '../request/decode-body.ts';
import type { Query } from '../request/query.ts';

const querySchema = z.object({ hidden: z.enum(['true', 'false']).optional() });

/** The query of `GET /v1/models`. */
export function decodeModelsQuery(query: Query): { readonly withHidden: boolean } {
  return { withHidden: decodeValue(querySchema, query, []).hidden === 'true' };
}
