import type { Context } from './context.ts';

/** Returns a part of the path that the route names; '' for one that it does not have. */
export function paramOf(ctx: Context, name: string): string {
  return (ctx as Context & { readonly params: Readonly<Record<string, string>> }).params[name] ?? '';
}
