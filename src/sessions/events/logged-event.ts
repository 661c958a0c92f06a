import type { SessionEvent } from './session-event.ts';

/** An event with its JSON, which is made once for all readers. */
export class LoggedEvent {
  readonly event: SessionEvent;
  #json: string | undefined;

  constructor(event: SessionEvent) {
    this.event = event;
  }

  get json(): string {
    return (this.#json ??= JSON.stringify(this.event));
  }
}
