import { findOwnInstances } from '../../app/background/own-instances.ts';
import { findStateDirectory, type Environment, type Flags } from '../../app/config/config.ts';
import { ownCommand } from '../../app/config/own-command.ts';
import { findUpdate, installUpdate, type UpdateFacts } from '../../app/update/update.ts';
import { CommandEnd } from '../command-end.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

interface UpdateFlags extends Flags {
  readonly check?: boolean;
}

/** Says which version there is and how to get it, and installs it if npm installed this one. */
export async function update(
  { check = false }: UpdateFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  await untilStopped('Stopped; nothing is known about the update.', async (signal) => {
    const options = { environment, signal };
    const facts = await findUpdate(options);
    const { newest, isBehind, current, installation, commands } = facts;
    terminal.print(describeVersions(facts));
    if (newest === undefined) throw new CommandEnd(1, describeWay(commands));
    if (!isBehind) return;
    if (check || installation.kind !== 'global') return terminal.print(describeWay(commands));
    terminal.print(`Installing version ${newest} with npm …`);
    await installUpdate(facts, newest, options);
    terminal.print(`Updated from ${current} to ${newest}.`);
    const { background, others } = await findOwnInstances(findStateDirectory(environment));
    if (background) {
      terminal.print(`Run \`${ownCommand(environment).usual} restart\` to use it.`);
    } else if (others.length > 0) terminal.print('Restart the running gateway to use it.');
  });
}

function describeVersions({ current, newest, isBehind, installation, problem }: UpdateFacts): string {
  const own = `This is codex-gateway ${current}, ${PLACES[installation.kind]}.`;
  if (newest === undefined) return `${own}\nThe newest version is not known: ${problem}.`;
  if (!isBehind) return `${own}\nIt is the newest version.`;
  const name = newest === current ? 'There are changes since then' : `Version ${newest} is available`;
  return `${own}\n${name}.`;
}

const PLACES = {
  clone: 'in a clone',
  global: 'installed by npm',
  npx: 'run by npx',
  other: 'in a folder that npm does not manage globally',
} as const;

function describeWay(commands: readonly string[]): string {
  return `To update, run:\n${commands.map((command) => `  ${command}`).join('\n')}`;
}
