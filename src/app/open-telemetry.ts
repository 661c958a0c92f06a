import type { Telemetry } from '../metrics/telemetry.ts';
import type { Environment } from './config/config.ts';
import { VERSION } from './config/version.ts';

/** Starts to send traces and metrics to the collector that the environment names; without one, no code for it is loaded. */
export async function openTelemetry(
  environment: Environment,
  provider: string,
): Promise<Telemetry | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName } = environment;
  if (!endpoint) return undefined;
  const { createTelemetry } = await import('../metrics/telemetry.ts');
  return createTelemetry({
    endpoint,
    serviceName: serviceName || 'codex-gateway',
    version: VERSION,
    provider,
  });
}
