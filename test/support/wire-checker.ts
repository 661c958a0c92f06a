import type { ErrorObject, ValidateFunction } from 'ajv';
import type { JsonObject } from '../../src/base/json.ts';
import { loadWireSchema } from './wire-schema.ts';
import type { ResponseWire } from './response-wire.ts';
import { amend } from './wire-amendments.ts';

/** Tells what is wrong with a thing that goes over the wire; it is made when it is first asked for. */
export type WireChecker = (kind: keyof ResponseWire, value: unknown) => string[];

const MOST = 5;

let checker: Promise<WireChecker> | undefined;

export function loadWireChecker(): Promise<WireChecker> {
  return (checker ??= makeChecker());
}

async function makeChecker(): Promise<WireChecker> {
  // Only where it is asked for: every test file would have to wait for it.
  const { Ajv } = await import('ajv');
  const { definitions, properties } = amend(await loadWireSchema());
  const ajv = new Ajv({ allErrors: true, discriminator: true, strict: false });
  const validators = new Map<string, ValidateFunction>();
  return (kind, value) => {
    const validate = validators.get(kind) ?? ajv.compile({ definitions, ...properties[kind] });
    validators.set(kind, validate);
    if (validate(value)) return [];
    // Of a union without a tag, each member complains.
    return (validate.errors ?? []).slice(0, MOST).map((error) => `${kind}${describe(error)}`);
  };
}

function describe({ instancePath, message, params }: ErrorObject): string {
  const { additionalProperty, allowedValues, tagValue } = params as JsonObject;
  const detail = additionalProperty ?? allowedValues ?? tagValue;
  return `${instancePath} ${message}${detail === undefined ? '' : ` (${JSON.stringify(detail)})`}`;
}
