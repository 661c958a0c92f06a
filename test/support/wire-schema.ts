import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../src/base/json.ts';
import { keepInCache } from './keep-in-cache.ts';

/** A JSON Schema, with what it refers to. */
export interface WireSchema {
  readonly definitions: Readonly<Record<string, JsonObject>>;
  /** Schemas of the members of `ResponseWire`. */
  readonly properties: Readonly<Record<string, JsonObject>>;
}

/** Declares what goes over the wire. */
export const WIRE = fileURLToPath(new URL('response-wire.ts', import.meta.url));
const PROJECT = fileURLToPath(new URL('../tsconfig.json', import.meta.url));

/** The schema of what the official client declares in `response-wire.ts`. It takes seconds to make, so it is kept. */
export async function loadWireSchema(): Promise<WireSchema> {
  const path = await keepInCache({ name: 'response-wire', extension: '.json', sources: [WIRE] }, async () =>
    JSON.stringify(await makeSchema()),
  );
  return JSON.parse(readFileSync(path, 'utf8')) as WireSchema;
}

async function makeSchema(): Promise<WireSchema> {
  const { createGenerator } = await import('ts-json-schema-generator');
  const generator = createGenerator({
    path: WIRE,
    tsconfig: PROJECT,
    type: 'ResponseWire',
    expose: 'all',
    jsDoc: 'none',
    topRef: false,
    // The project's own compiler has looked at it.
    skipTypeCheck: true,
  });
  return generator.createSchema('ResponseWire') as unknown as WireSchema;
}
