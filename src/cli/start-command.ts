/**
 * Returns the command line of a start by the command of the other commands. npm needs `-s` only for output that another
 * program reads, and `--` only before flags.
 */
export function startCommand(usual: string, flags: readonly string[]): string {
  const command = usual.replace(/^npm -s /, 'npm ');
  return flags.length === 0 ? command.replace(/ --$/, '') : `${command} ${flags.join(' ')}`;
}
