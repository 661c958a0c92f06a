import { formatPath } from '../../base/json-path.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { invalidValue } from '../request/refusals.ts';
import { createMessage } from './decode-item.ts';
import { COMPACTION_FIELDS } from './item-fields.ts';
import type { DecodeItem } from './item-reading.ts';
import { compactionSchema } from './schema.ts';

/** What stands before a summary in the user's message that carries it to the model. */
const SUMMARY_HEAD = 'A summary of the conversation so far:';

/** A summary goes up as a user's message: it may repeat what no developer has said. */
export const decodeCompaction: DecodeItem = ({ item, place, path, compatibility, conversation }) => {
  const { encrypted_content: sealed } = decodeValue(compactionSchema, item, place);
  checkFields(item, COMPACTION_FIELDS, place, compatibility);
  const summary = conversation.unseal(sealed);
  if (summary === undefined) {
    const why = 'it was made by another gateway or provider, which alone can read it';
    throw invalidValue(formatPath([...place, 'encrypted_content']), why);
  }
  return [createMessage('user', `${SUMMARY_HEAD}\n\n${summary}`, path)];
};
