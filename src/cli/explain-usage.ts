import type { Command, CommanderError } from 'commander';
import { StartupError } from '../base/errors.ts';

/** Returns the name of a command with those of its group, as in `copilot login`. */
export function nameOf(command: Command): string {
  const { parent } = command;
  if (parent === null) return 'codex-gateway';
  return parent.parent === null ? command.name() : `${nameOf(parent)} ${command.name()}`;
}

/**
 * Returns an error that explains a usage mistake in a sentence. Printed help is not a mistake and is returned
 * unchanged.
 */
export function explainUsage(error: CommanderError, command: Command, help: string): Error {
  if (error.exitCode === 0) return error;
  const { parent, args, registeredArguments } = command;
  // Options before a command belong to the program.
  const name = nameOf(command);
  const advice = `\`${parent === null ? help : `${help} ${name}`}\``;
  const message = error.message.replace(/^error: /, '');
  const suggestion = /\n\((.*)\)$/.exec(message);
  switch (error.code) {
    case 'commander.unknownOption': {
      const [, option] = /'(.*)'/s.exec(message) ?? [];
      const further = suggestion ? ` ${suggestion[1]}` : '';
      return new StartupError(`${name} has no option '${option}'; ${advice} lists its options.${further}`);
    }
    case 'commander.excessArguments': {
      const taken = registeredArguments.length;
      const further = args.slice(taken).join(' ');
      const takes = taken === 0 ? 'no argument' : 'only one argument';
      return new StartupError(`${name} takes ${takes}; leave out '${further}'.`);
    }
    case 'commander.optionMissingArgument': {
      const [, option] = /'(.*?)'/s.exec(message) ?? [];
      return new StartupError(`The option '${option}' needs a value; add one after it.`);
    }
    default:
      return new StartupError(`${message.replace(/\n.*/s, '')}; see ${advice}.`);
  }
}
