/** A span as a collector receives it, with the fields that tests look at. */
export interface ReadSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a span at the top. */
  readonly parentId: string;
  readonly name: string;
  readonly kind: 'server' | 'client' | 'other';
  readonly attributes: ReadonlyMap<string, string | number>;
}

type Value = number | Buffer;

/** Values by field number, in their order. */
type Message = ReadonlyMap<number, readonly Value[]>;

/** Reads the spans of a request to `/v1/traces` in OTLP's protobuf: resource spans, scope spans and spans, each in the other. */
export function readSpans(body: Buffer): ReadSpan[] {
  return childrenAt(readMessage(body), 1)
    .flatMap((resource) => childrenAt(resource, 2))
    .flatMap((scope) => childrenAt(scope, 2))
    .map((span) => ({
      traceId: bytesAt(span, 1).toString('hex'),
      spanId: bytesAt(span, 2).toString('hex'),
      parentId: bytesAt(span, 4).toString('hex'),
      name: bytesAt(span, 5).toString(),
      kind: KINDS[Number(span.get(6)?.[0])] ?? 'other',
      attributes: new Map(childrenAt(span, 9).map(readAttribute)),
    }));
}

const KINDS: Readonly<Record<number, ReadSpan['kind']>> = { 2: 'server', 3: 'client' };

function readAttribute(pair: Message): [string, string | number] {
  const value = childrenAt(pair, 2)[0]!;
  const number = value.get(3)?.[0];
  return [bytesAt(pair, 1).toString(), typeof number === 'number' ? number : bytesAt(value, 1).toString()];
}

function bytesAt(message: Message, field: number): Buffer {
  const value = message.get(field)?.[0];
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

function childrenAt(message: Message, field: number): Message[] {
  return (message.get(field) ?? []).filter((value) => Buffer.isBuffer(value)).map(readMessage);
}

function readMessage(bytes: Buffer): Message {
  const fields = new Map<number, Value[]>();
  let at = 0;

  function readVarint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at]!;
      at += 1;
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  }

  function take(length: number): Buffer {
    at += length;
    return bytes.subarray(at - length, at);
  }

  const readers: Readonly<Record<number, () => Value>> = {
    0: readVarint,
    1: () => take(8),
    2: () => take(readVarint()),
    5: () => take(4),
  };
  while (at < bytes.length) {
    const tag = readVarint();
    const field = Math.floor(tag / 8);
    fields.set(field, [...(fields.get(field) ?? []), readers[tag % 8]!()]);
  }
  return fields;
}
