import type { SecretRule } from './token-rules.ts';

/** Rules whose secrets are a prefix of their service, and then letters of one kind. */
const PREFIXED: readonly (readonly [rule: string, service: string, prefix: string, rest: string])[] = [
  ['digitalocean-token', 'DigitalOcean', 'dop_v1_', '[a-f0-9]{64}'],
  ['digitalocean-token', 'DigitalOcean', 'doo_v1_', '[a-f0-9]{64}'],
  ['sendgrid-key', 'SendGrid', 'SG.', '[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}'],
  ['shopify-token', 'Shopify', 'shpat_', '[a-fA-F0-9]{32}'],
  ['shopify-token', 'Shopify', 'shpss_', '[a-fA-F0-9]{32}'],
  ['huggingface-token', 'Hugging Face', 'hf_', '[A-Za-z0-9]{34,}'],
  ['databricks-token', 'Databricks', 'dapi', '[a-f0-9]{32}(?![A-Za-z0-9])'],
  ['docker-token', 'Docker Hub', 'dckr_pat_', '[A-Za-z0-9_-]{20,}'],
  ['linear-key', 'Linear', 'lin_api_', '[A-Za-z0-9]{32,}'],
  ['notion-token', 'Notion', 'ntn_', '[A-Za-z0-9]{40,}'],
  ['postman-key', 'Postman', 'PMAK-', '[a-f0-9]{24}-[a-f0-9]{34}'],
  ['grafana-token', 'Grafana', 'glsa_', '[A-Za-z0-9]{32}_[a-f0-9]{8}'],
  ['new-relic-key', 'New Relic', 'NRAK-', '[A-Z0-9]{27}'],
  ['sentry-token', 'Sentry', 'sntrys_', '[A-Za-z0-9+/=_-]{40,}'],
  ['vault-token', 'HashiCorp Vault', 'hvs.', '[A-Za-z0-9_-]{24,}'],
  ['rubygems-key', 'RubyGems', 'rubygems_', '[a-f0-9]{48}'],
  ['atlassian-token', 'Atlassian', 'ATATT3', '[A-Za-z0-9_=-]{50,}'],
  ['twilio-key', 'Twilio', 'SK', '[a-f0-9]{32}(?![A-Za-z0-9])'],
  ['mailgun-key', 'Mailgun', 'key-', '[a-f0-9]{32}(?![A-Za-z0-9])'],
  ['age-key', 'age', 'AGE-SECRET-KEY-1', '[0-9A-Z]{58}'],
];

/** Forms of other secrets. */
export const SERVICE_RULES: readonly SecretRule[] = [
  ...PREFIXED.map(([rule, service, hint, rest]) => ({
    rule,
    thing: `A key or token of ${service}`,
    hint,
    pattern: new RegExp(`(?<![A-Za-z0-9_-])${hint.replaceAll('.', '\\.')}${rest}`, 'g'),
  })),
  {
    rule: 'telegram-token',
    thing: 'A token of a Telegram bot',
    hint: ':AA',
    pattern: /(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/g,
  },
  {
    rule: 'azure-storage-key',
    thing: 'A key of Azure Storage',
    hint: 'AccountKey=',
    pattern: /AccountKey=[A-Za-z0-9+/]{86}==/g,
  },
  {
    rule: 'private-key',
    thing: 'A private key',
    hint: 'PRIVATE KEY',
    pattern: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g,
  },
  {
    rule: 'jwt',
    thing: 'A JSON Web Token',
    hint: 'eyJ',
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}/g,
  },
  {
    rule: 'url-password',
    thing: 'An address with a password',
    hint: '://',
    pattern: /:\/\/(?<user>[^\s:@/?#"'`<>]{0,100}):(?<value>[^\s@/"'`<>]{3,200})@[\w.[-]/g,
  },
  {
    rule: 'aws-secret-key',
    thing: 'A secret key of AWS',
    hint: 'ecret',
    pattern:
      /secret_?(?:access_?)?key["']?\s{0,4}[:=]>?\s{0,4}["'`]?(?<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
  },
  {
    rule: 'aws-secret-key',
    thing: 'A secret key of AWS',
    hint: 'SECRET',
    pattern:
      /SECRET_?(?:ACCESS_?)?KEY["']?\s{0,4}[:=]>?\s{0,4}["'`]?(?<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/g,
  },
];
