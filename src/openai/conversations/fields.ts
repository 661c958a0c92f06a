import { accepted, mapped, type Fields } from '../request/fields.ts';

const METADATA = accepted('comes back as it was');
const ITEMS = mapped('at most 20, of every kind that the input of a response may have');

/** What the body of each request about conversations may hold. */
export const CREATE_FIELDS: Fields = { items: ITEMS, metadata: METADATA };
export const UPDATE_FIELDS: Fields = { metadata: METADATA };
export const ITEMS_FIELDS: Fields = { items: ITEMS };
