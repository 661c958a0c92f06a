/** A thread that the engine keeps on disk. */
export interface KeptThread {
  readonly id: string;
  /** The folder in which it works. */
  readonly workspace: string;
  /** Its name, or else the beginning of its first message. */
  readonly title: string;
  /** Id of the provider; one that a session has chosen for itself is needed again to resume the thread. */
  readonly provider: string;
  readonly model: string | null;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A message in a thread that the engine keeps. */
export interface ThreadMessage {
  readonly role: 'user' | 'assistant';
  /** Its parts, without pictures. */
  readonly texts: readonly string[];
  /** Unix milliseconds; undefined if the engine has not kept the time. */
  readonly createdAt: number | undefined;
}

export interface ThreadQuery {
  /** Only threads of exactly this folder. */
  readonly workspace?: string | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface ThreadPage {
  readonly threads: readonly KeptThread[];
  readonly next: string | undefined;
}

export interface AgentModel {
  readonly id: string;
  readonly title: string;
  readonly isDefault: boolean;
  /** Efforts that it accepts for its reasoning. */
  readonly efforts: readonly string[];
}

/** The account that pays for turns with the user's own provider. */
export type AgentAccount =
  | { readonly type: 'chatgpt'; readonly email: string | null }
  | { readonly type: 'api-key' | 'other' | 'signed-out' }
  /** The provider of the user's own configuration takes no OpenAI account. */
  | { readonly type: 'not-needed' };

/** A sign-in that waits for its user. */
export interface AgentLogin {
  /** The page to open, and the code to enter there. */
  readonly verificationUrl: string;
  readonly userCode: string;
  /** Settles when the login is stored; rejects when it is refused or the code has expired. */
  readonly completed: Promise<void>;
  /** Gives up the sign-in if it is not completed. */
  close(): Promise<void>;
}
