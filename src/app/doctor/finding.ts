/** What one look at the set-up has found. */
export interface Finding {
  readonly subject:
    | 'Node'
    | 'config'
    | 'Codex'
    | 'provider'
    | 'network'
    | 'login'
    | 'models'
    | 'port'
    | 'machine'
    | 'files'
    | 'disk'
    | 'answer';
  /** A note hinders nothing. */
  readonly state: 'good' | 'note' | 'bad';
  /** One line that says what is there and, where that is bad, what to do. */
  readonly text: string;
}
