type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Headers that concern one connection alone. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Returns headers without those of the connection: the usual ones, and those that `connection` names. */
export function withoutHopByHop<Value extends Headers>(headers: Value): Value {
  const named = new Set(
    [headers.connection ?? []].flat().flatMap((value) => value.toLowerCase().split(/[\s,]+/)),
  );
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !named.has(name));
  return Object.fromEntries(kept) as Value;
}
