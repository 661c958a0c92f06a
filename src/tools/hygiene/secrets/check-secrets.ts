import { NO_FINDINGS, type HygieneFinding, type HygieneCheck } from '../hygiene-check.ts';
import { findAssignedSecrets, type TextSpan } from './assigned-secret.ts';
import { isExample, isPlaceholder, isReference } from './placeholder.ts';
import { SERVICE_RULES } from './service-rules.ts';
import { TOKEN_RULES, type SecretRule } from './token-rules.ts';

/** Characters of the shortest text that any rule matches. */
const MIN_CHARACTERS = 8;

const RULES = [...TOKEN_RULES, ...SERVICE_RULES];

/** Finds secrets by their forms, and values that look like one by the names to which they are given. */
export const checkSecrets: HygieneCheck = (part) => {
  if (part.kind === 'end' || part.text.length < MIN_CHARACTERS) return NO_FINDINGS;
  const { text, line, file } = part;
  const matches = matchRules(text);
  const assigned = findAssignedSecrets(text, file.path);
  const isKnown = (span: TextSpan) => matches.some((match) => overlap(span, match));
  const findings = matches.map(({ finding }) => finding).filter((finding) => finding !== undefined);
  if (!assigned.every(isKnown)) findings.push(GENERIC);
  return worstOfEachRule(findings).map((finding) => ({ ...finding, line }));
};

interface RuleMatch extends TextSpan {
  /** Undefined for a variable in the place of a secret. */
  readonly finding: HygieneFinding | undefined;
}

function matchRules(text: string): RuleMatch[] {
  return RULES.filter(({ hint }) => text.includes(hint)).flatMap((rule) =>
    Array.from(text.matchAll(rule.pattern), (match) => ({
      start: match.index,
      end: match.index + match[0].length,
      finding: describe(rule, match),
    })),
  );
}

function worstOfEachRule(findings: readonly HygieneFinding[]): readonly HygieneFinding[] {
  if (findings.length < 2) return findings;
  const worst = new Map<string, HygieneFinding>();
  for (const finding of findings) {
    if (worst.get(finding.rule)?.severity !== 'error') worst.set(finding.rule, finding);
  }
  return [...worst.values()];
}

const GENERIC: HygieneFinding = {
  rule: 'generic-secret',
  severity: 'warn',
  message: 'A value that looks random is given to a name that speaks of a secret.',
};

function overlap(one: TextSpan, other: TextSpan): boolean {
  return one.start < other.end && other.start < one.end;
}

function describe(
  { rule, thing, severity = 'error' }: SecretRule,
  match: RegExpExecArray,
): HygieneFinding | undefined {
  const { value, user } = match.groups ?? {};
  if (value !== undefined && isReference(value)) return undefined;
  const isHarmless = value === undefined ? isExample(match[0]) : isPlaceholder(value) || value === user;
  return isHarmless
    ? { rule, severity: 'info', message: `${thing} is added, which looks like an example.` }
    : {
        rule,
        severity,
        message: `${thing} is added. Take it out, and revoke it if it has left this machine.`,
      };
}
