const SCOPES = [
  { id: 'openai', hint: 'the API at /v1, with usage' },
  { id: 'metrics', hint: 'the metrics' },
  { id: 'copilot', hint: 'the Copilot adapter' },
  { id: 'sessions', hint: 'agents, which edit files and run commands in your folders' },
  { id: 'tools', hint: 'the internal tools' },
  { id: 'console', hint: 'this console: everything that it shows and changes' },
] as const;

/** Asks what a key leads to. */
export function ScopeChoices({ grantable }: { readonly grantable: readonly string[] }) {
  const isLimited = SCOPES.some(({ id }) => !grantable.includes(id));
  return (
    <fieldset class="keys-choices">
      <legend>Leads to</legend>
      {SCOPES.map(({ id, hint }) => (
        <label key={id} class="keys-choice">
          <input
            type="checkbox"
            name="scope"
            value={id}
            defaultChecked={id === 'openai' && grantable.includes(id)}
            disabled={!grantable.includes(id)}
          />
          <span>
            {id} <small class="muted">{hint}</small>
          </span>
        </label>
      ))}
      {isLimited && (
        <small class="muted">
          A browser gives what it has itself: <code>open --scope</code> signs one in with more, and{' '}
          <code>tokens add</code> gives everything.
        </small>
      )}
    </fieldset>
  );
}
