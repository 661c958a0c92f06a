import { z } from 'zod';
import { configFileSchema } from './config-file.ts';

/** A setting of the config file, by what it can hold. */
export interface SettingShape {
  /** The keys that lead to it, as in `deadlines.turn`. */
  readonly key: string;
  readonly path: readonly string[];
  /** `list` is one of texts; `json` is anything with an inside of its own. */
  readonly kind: 'text' | 'number' | 'switch' | 'choice' | 'list' | 'json';
  /** The values of a `choice`. */
  readonly choices: readonly string[];
}

type Schema = z.core.JSONSchema.JSONSchema;

/** Returns every setting of the config file, in the order of its schema. */
export function listSettingShapes(): SettingShape[] {
  return shapesIn(z.toJSONSchema(configFileSchema, { io: 'input', unrepresentable: 'any' }), []);
}

function shapesIn(schema: Schema, path: readonly string[]): SettingShape[] {
  if (schema.properties === undefined) {
    const choices = (schema.enum ?? []).map(String);
    return [{ key: path.join('.'), path, kind: kindOf(schema), choices }];
  }
  return Object.entries(schema.properties).flatMap(([key, inner]) =>
    shapesIn(inner as Schema, [...path, key]),
  );
}

const KINDS: Readonly<Record<string, SettingShape['kind']>> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'switch',
};

function kindOf({ type, enum: choices, items }: Schema): SettingShape['kind'] {
  if (choices !== undefined) return 'choice';
  if (type === 'array') return (items as Schema).type === 'string' ? 'list' : 'json';
  return KINDS[String(type)] ?? 'json';
}
