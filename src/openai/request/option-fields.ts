import { accepted, ignored, mapped, type Fields } from './fields.ts';

// What chat completions and responses have alike.

export const JSON_SCHEMA_FIELDS: Fields = {
  name: accepted('Codex has a name of its own for the schema'),
  description: ignored('the schema has descriptions of its own'),
  schema: mapped('the schema'),
  strict: mapped('strict or not'),
};

export const PLACE_FIELDS: Fields = {
  city: mapped('the city'),
  country: mapped('the country'),
  region: mapped('the region'),
  timezone: mapped('the time zone'),
};
