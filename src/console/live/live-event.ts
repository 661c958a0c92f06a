import type { ConsoleEventName } from '../contract/events.ts';

/** An event as it is sent; `data` is JSON. */
export interface LiveEvent {
  readonly id: string;
  readonly event: ConsoleEventName;
  readonly data: string;
}
