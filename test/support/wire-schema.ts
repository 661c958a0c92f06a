import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../src/base/json.ts';

/** A JSON Schema, with what it refers to. */
export interface WireSchema {
  readonly definitions: Readonly<Record<string, JsonObject>>;
  /** Schemas of the members of `ResponseWire`. */
  readonly properties: Readonly<Record<string, JsonObject>>;
}

const WIRE = fileURLToPath(new URL('response-wire.ts', import.meta.url));
const PROJECT = fileURLToPath(new URL('../tsconfig.json', import.meta.url));
const PACKAGES = fileURLToPath(new URL('../../package.json', import.meta.url));
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));

/** The schema of what the official client declares in `response-wire.ts`. It takes seconds to make, so it is kept. */
export async function loadWireSchema(): Promise<WireSchema> {
  const path = `${CACHE}response-wire-${versionOf()}.json`;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as WireSchema;
  } catch {
    const schema = await makeSchema();
    mkdirSync(CACHE, { recursive: true });
    // Several test files may come here at the same time.
    const mine = `${path}.${process.pid}`;
    writeFileSync(mine, JSON.stringify(schema));
    renameSync(mine, path);
    return schema;
  }
}

/** Returns a version that changes with the sources of the schema; package.json pins the versions of the packages. */
function versionOf(): string {
  const hash = createHash('sha256').update(readFileSync(WIRE)).update(readFileSync(PACKAGES));
  return hash.digest('hex').slice(0, 16);
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
