/** Somebody has changed something in the console. */
export interface ConsoleObservation {
  readonly type: 'console-changed';
  readonly what: 'link-made' | 'key-added' | 'key-revoked' | 'setting-changed' | 'models-changed';
  /** Name of the token or browser that has asked for it. */
  readonly by: string;
  /** Name of the key or setting. */
  readonly name?: string | undefined;
}
