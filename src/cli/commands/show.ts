import type { Environment, Flags, Settings } from '../../app/config/config.ts';
import { findDefaultModel } from '../../app/inquiries/list-models.ts';
import { SILENT } from '../../app/log/observer.ts';
import { StartupError } from '../../base/errors.ts';
import { CLIENTS } from '../clients.ts';
import { readClientSettings, type ClientSettings } from '../client-settings.ts';
import { formatTime, shellQuote } from '../../base/format-text.ts';
import { ownCommand } from '../../app/config/own-command.ts';
import { startCommand } from '../start-command.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

/** Shown if the default model cannot be found out: one that every codex of the gateway has. */
const FALLBACK_MODEL = 'gpt-5.5';
const DEMO_MODEL = 'demo';

/** Clients whose set-up is printed if none is named. */
const USUAL_CLIENTS = ['curl', 'python', 'node'];

export interface ShowFlags extends Flags {
  readonly demo?: boolean;
}

/** Prints how clients are set up for the gateway that runs, or else for the configured one; or one client's set-up alone. */
export async function show(
  flags: ShowFlags,
  environment: Environment,
  terminal: Terminal,
  name?: string,
): Promise<void> {
  const named = name === undefined ? undefined : findClient(name);
  const client = await readClientSettings(flags, environment);
  const model = await chooseModel(client, flags, environment);
  terminal.print(
    named ? named.write({ ...client, model }).join('\n') : describeSetUp(client, model, flags, environment),
  );
}

function findClient(name: string) {
  const client = Object.hasOwn(CLIENTS, name) ? CLIENTS[name] : undefined;
  if (client) return client;
  const known = Object.keys(CLIENTS).join(', ');
  throw new StartupError(`show has no set-up for '${name}'; it knows ${known}.`);
}

/** Returns the model that a start names, too. */
export async function chooseModel(
  { settings, running }: Pick<ClientSettings, 'settings' | 'running'>,
  flags: ShowFlags,
  environment: Environment,
): Promise<string> {
  if (flags.demo && running === undefined) return DEMO_MODEL;
  const observer = SILENT;
  const found = await untilStopped('Stopped.', (signal) =>
    findDefaultModel({ settings, environment, observer, signal }),
  );
  return found ?? settings.models[0]?.id ?? FALLBACK_MODEL;
}

export function describeSetUp(
  client: ClientSettings,
  model: string,
  flags: ShowFlags,
  environment: Environment,
): string {
  const { origin, token } = client;
  return [
    `Base URL: ${origin}/v1`,
    `API key:  ${token}`,
    `Model:    ${model}`,
    describeGateway(client, flags, environment),
    ...USUAL_CLIENTS.flatMap((name) => {
      const { heading, write } = CLIENTS[name]!;
      return ['', heading, ...write({ ...client, model })];
    }),
    '',
    describeOthers(environment),
  ].join('\n');
}

function describeOthers(environment: Environment): string {
  const [first, ...rest] = Object.keys(CLIENTS).filter((name) => !USUAL_CLIENTS.includes(name));
  return `For other clients: ${ownCommand(environment).usual} show ${first} (or ${rest.join(', ')})`;
}

/** The gateway that runs and is meant, or how to start it. */
function describeGateway(
  { running, candidates, settings, holder }: ClientSettings,
  flags: ShowFlags,
  environment: Environment,
): string {
  if (running === undefined) {
    return `${describeHolder(holder)}Start it: ${startCommand(ownCommand(environment).usual, startFlags(flags, settings))}`;
  }
  const { pid, since, demo, port } = running;
  const which = candidates > 1 ? `; one of ${candidates} that run, --port chooses another` : '';
  return `Running:  ${demo ? 'the demo, ' : ''}port ${port}, pid ${pid}, since ${formatTime(since)}${which}`;
}

/** One line about a gateway that is in the way of the start. */
function describeHolder(holder: ClientSettings['holder']): string {
  if (holder === undefined) return '';
  const { demo, port, pid } = holder;
  return `Stop first: ${demo ? 'the demo' : 'another gateway'} holds port ${port} now (pid ${pid}), with another token.\n`;
}

/** The flags by which the gateway starts as it is shown. */
function startFlags(flags: ShowFlags, settings: Settings): string[] {
  return [
    ...(flags.demo ? ['--demo'] : []),
    ...(flags.host === undefined ? [] : [`--host ${shellQuote(flags.host)}`]),
    ...(flags.port === undefined ? [] : [`--port ${shellQuote(flags.port)}`]),
    ...(flags.config === undefined ? [] : [`--config ${shellQuote(settings.configPath)}`]),
  ];
}
