import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { JsonObject } from '../../src/base/json.ts';
import { keepInCache } from './keep-in-cache.ts';
import { loadWireSchema, WIRE } from './wire-schema.ts';
import type { ResponseWire } from './response-wire.ts';
import { amend } from './wire-amendments.ts';

/** Tells what is wrong with a thing that goes over the wire; it is made when it is first asked for. */
export type WireChecker = (kind: keyof ResponseWire, value: unknown) => string[];

const AMENDMENTS = fileURLToPath(new URL('wire-amendments.ts', import.meta.url));
const MOST = 5;

let checker: Promise<WireChecker> | undefined;

export function loadWireChecker(): Promise<WireChecker> {
  return (checker ??= makeChecker());
}

async function makeChecker(): Promise<WireChecker> {
  const path = await keepInCache(
    { name: 'wire-checks', extension: '.cjs', sources: [WIRE, AMENDMENTS] },
    makeChecks,
  );
  // Not by import(): vitest would read and change it, which takes longer than to run it.
  const checks = createRequire(import.meta.url)(path) as Record<string, ValidateFunction>;
  return (kind, value) => {
    const validate = checks[kind]!;
    if (validate(value)) return [];
    // Of a union without a tag, each member complains.
    return (validate.errors ?? []).slice(0, MOST).map((error) => `${kind}${describe(error)}`);
  };
}

/** The source of a module that exports a check for each kind; to compile them in each process takes a second. */
async function makeChecks(): Promise<string> {
  const [{ Ajv }, standalone] = await Promise.all([import('ajv'), import('ajv/dist/standalone/index.js')]);
  const { definitions, properties } = amend(await loadWireSchema());
  const ajv = new Ajv({ allErrors: true, discriminator: true, strict: false, code: { source: true } });
  const kinds = Object.entries(properties).map(([kind, schema]) => [`kind-${kind}`, schema]);
  ajv.addSchema({ definitions: { ...definitions, ...Object.fromEntries(kinds) } }, 'wire');
  const names = Object.keys(properties).map((kind) => [kind, `wire#/definitions/kind-${kind}`]);
  return standalone.default.default(ajv, Object.fromEntries(names));
}

function describe({ instancePath, message, params }: ErrorObject): string {
  const { additionalProperty, allowedValues, tagValue } = params as JsonObject;
  const detail = additionalProperty ?? allowedValues ?? tagValue;
  return `${instancePath} ${message}${detail === undefined ? '' : ` (${JSON.stringify(detail)})`}`;
}
