import { formatAgent } from '../../format/format-agent.ts';
import { formatMoment } from '../../format/format-time.ts';
import { Badge } from '../../parts/badge.tsx';

export function Scopes({ scopes }: { readonly scopes: readonly string[] }) {
  return (
    <span class="keys-scopes">
      {scopes.map((scope) => (
        <Badge key={scope}>{scope}</Badge>
      ))}
    </span>
  );
}

/** Shows when a key ends. */
export function End({ expires }: { readonly expires: number | null }) {
  if (expires === null) return <>never</>;
  if (expires > Date.now()) return <>{formatMoment(expires)}</>;
  return <Badge kind="warning">ended {formatMoment(expires)}</Badge>;
}

interface LastUseProps {
  readonly time: number | null;
  readonly userAgent: string | null;
}

/** Shows when a key was used last, and by which program. */
export function LastUse({ time, userAgent }: LastUseProps) {
  if (time === null) return <>never</>;
  return (
    <>
      {formatMoment(time)}
      {userAgent !== null && (
        <>
          <br />
          <span class="muted" title={userAgent}>
            {formatAgent(userAgent)}
          </span>
        </>
      )}
    </>
  );
}
