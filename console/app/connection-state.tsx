import { connection } from '../api/events.ts';

const WORDS = { connecting: 'Connecting', open: 'Live', lost: 'No connection' } as const;

/** Says if the page hears of what happens at the gateway. */
export function ConnectionState() {
  const state = connection.value;
  return (
    <span class={`connection ${state}`} role="status">
      <span>{WORDS[state]}</span>
    </span>
  );
}
