/** What one look at the set-up has found. */
export interface Finding {
  readonly subject: 'Node' | 'config' | 'Codex' | 'provider' | 'login' | 'port' | 'machine';
  readonly state: 'good' | 'bad';
  /** One line that says what is there and, where that is bad, what to do. */
  readonly text: string;
}
