/**
 * The one who has decided: a client, the time limit, a rule of the gateway, an earlier `allow_session`, or the end of the turn.
 */
export type Decider = 'client' | 'timeout' | 'gateway' | 'session' | 'turn';
