import { GatewayError } from '../base/errors.ts';
import type { AttachmentFiles } from './attachments/attachment-files.ts';
import { prepareInput } from './attachments/prepare-input.ts';
import { userMessage, type NewMessage, type SentTurn } from './new-message.ts';
import { createSentKeys, type SentKeys } from './sent-keys.ts';
import type { SessionAgent } from './session-agent.ts';
import type { SessionJobs } from './session-jobs.ts';
import { titleOf } from './session-record.ts';
import type { SessionState } from './session-state.ts';

export interface MessageSenderOptions {
  readonly state: SessionState;
  readonly jobs: SessionJobs;
  readonly agent: SessionAgent;
  readonly files: AttachmentFiles;
}

/** Makes messages of one session turns, or parts of the one that runs. */
export class MessageSender {
  readonly #options: MessageSenderOptions;
  readonly #keys: SentKeys<SentTurn>;

  constructor(options: MessageSenderOptions) {
    this.#options = options;
    this.#keys = createSentKeys((key) => {
      const found = options.state.messages.findKey(key);
      return found && { digest: found.digest, outcome: () => this.#sent(found.message.id) };
    });
  }

  /** Accepts a message. Rejects with a `GatewayError`, and then nothing of it is kept. */
  async send(message: NewMessage): Promise<SentTurn> {
    const { sent } = message;
    if (sent === undefined) return await this.#accept(message);
    return await this.#keys.once(sent, () => this.#accept(message));
  }

  /** Adds a message to the turn that runs. Rejects with a `GatewayError` if there is none. */
  async steer(message: NewMessage): Promise<SentTurn> {
    const steered = await this.#steer(message);
    if (steered !== undefined) return steered;
    throw new GatewayError('session_conflict', 'No turn is running that a message could be added to.');
  }

  async #accept(message: NewMessage): Promise<SentTurn> {
    const { state, jobs } = this.#options;
    const { text, attachments = [], isPlan = false, mode = 'reject' } = message;
    const steered = mode === 'steer' ? await this.#steer(message) : undefined;
    if (steered !== undefined) return steered;
    if (mode !== 'queue') jobs.requireIdle();
    const task = { kind: 'message', text, attachments, isPlan } as const;
    const { turnId, messageId, place } = await jobs.accept(task, (id) => {
      const { title, context } = state.facts;
      // Its own turn needs the context already.
      state.set({ title: title === '' ? titleOf(text) : title, context: message.context ?? context });
      return { message: userMessage(message, id), ...message.sent };
    });
    return { turnId, messageId: messageId ?? null, queuePosition: place?.position() ?? 0 };
  }

  async #steer(message: NewMessage): Promise<SentTurn | undefined> {
    const { state, jobs, agent, files } = this.#options;
    const job = jobs.running;
    if (job === undefined) return undefined;
    const { text, attachments = [] } = message;
    const sessionId = state.choices.id;
    const added = await prepareInput({ sessionId, context: {}, text, attachments }, files);
    job.added.push(added);
    try {
      if (!(await agent.steer(added.input))) return undefined;
    } catch (error) {
      // It has ended meanwhile.
      if (jobs.running !== job) return undefined;
      throw error;
    }
    const kept = userMessage(message, job.turnId);
    await state.messages.accept({ message: kept, ...message.sent });
    return { turnId: job.turnId, messageId: kept.id, queuePosition: 0 };
  }

  /** Returns the outcome of a message that was accepted earlier. */
  #sent(messageId: string): SentTurn {
    const { state, jobs } = this.#options;
    const turnId = state.messages.find(messageId)?.turn_id ?? '';
    return { turnId, messageId, queuePosition: jobs.find(messageId)?.place?.position() ?? 0 };
  }
}
