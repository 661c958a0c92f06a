import type { TurnOptions } from '../../conversation/turn.ts';
import { unsupportedValue } from '../request/refusals.ts';

const SERVICE_TIERS = {
  auto: undefined,
  default: 'default',
  flex: 'flex',
  priority: 'priority',
  fast: 'priority',
} as const;

/** Decodes `service_tier`; throws for a tier that only OpenAI itself has. */
export function decodeServiceTier(
  tier: keyof typeof SERVICE_TIERS | 'scale' | 'ultrafast',
): TurnOptions['serviceTier'] {
  if (tier === 'scale' || tier === 'ultrafast') {
    const supported = Object.keys(SERVICE_TIERS).join(', ');
    throw unsupportedValue(['service_tier'], tier, `Supported values: ${supported}.`);
  }
  return SERVICE_TIERS[tier];
}
