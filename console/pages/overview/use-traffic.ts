import { useEffect, useState } from 'preact/hooks';
import type { TrafficHistory } from '../../../src/console/contract/traffic.ts';
import { onEvent } from '../../api/events.ts';
import { useLoaded } from '../../parts/use-loaded.ts';
import { mergePoints } from './traffic.ts';

/** Milliseconds after which the charts move on, although nothing has happened. */
const MOVE_MS = 15_000;

/** The traffic of the last hour and day as it is now. */
interface CurrentTraffic {
  readonly traffic: TrafficHistory | undefined;
  readonly problem: string;
  /** Unix milliseconds by the clock of the gateway. */
  readonly now: number;
}

/** Keeps the traffic up to date by the events of the gateway. */
export function useTraffic(): CurrentTraffic {
  const { value: traffic, problem, set } = useLoaded<TrafficHistory>('console/traffic');
  const [time, setTime] = useState(Date.now());
  const [ahead, setAhead] = useState(0);
  const sent = traffic?.now;
  useEffect(() => {
    if (sent !== undefined) setAhead(sent - Date.now());
  }, [sent]);
  useEffect(() => {
    const timer = setInterval(() => setTime(Date.now()), MOVE_MS);
    return () => clearInterval(timer);
  }, []);
  useEffect(
    () =>
      onEvent('traffic', ({ hour, day }) => {
        if (traffic === undefined) return;
        const now = Date.now() + ahead;
        setTime(Date.now());
        set({
          ...traffic,
          hour: mergePoints(traffic.hour, hour, now),
          day: mergePoints(traffic.day, day, now),
        });
      }),
    [traffic, ahead, set],
  );
  return { traffic, problem, now: time + ahead };
}
