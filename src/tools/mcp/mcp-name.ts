/** Returns the name of a tool for clients, which refuse dots. */
export function mcpName(name: string): string {
  return name.replaceAll(/[.-]/g, '_');
}
