import { accepted, mapped, type Fields } from '../request/fields.ts';

const METADATA = accepted('returned unchanged');
const ITEMS = mapped('at most 20, of every type that the input of a response may have');

/** Fields of the body of each request about conversations. */
export const CREATE_FIELDS: Fields = { items: ITEMS, metadata: METADATA };
export const UPDATE_FIELDS: Fields = { metadata: METADATA };
export const ITEMS_FIELDS: Fields = { items: ITEMS };
