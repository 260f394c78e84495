/**
 * How likely a service is to be failed by itself at a random instant: as stated, or from its mean
 * time between failures and mean time to repair, as the share of a long time that repair takes.
 */
import type { Service } from "../model/service.js";

/** Null when nobody said. MTBF is taken as working time: U = mttr / (mtbf + mttr). */
export function steadyProbability(service: Service): number | null {
  if (service.failureProbability !== undefined) return service.failureProbability;
  if (service.mtbfMs === undefined || service.mttrMs === undefined) return null;
  const whole = service.mtbfMs + service.mttrMs;
  return whole > 0 ? service.mttrMs / whole : null;
}
