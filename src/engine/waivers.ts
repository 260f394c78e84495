/** Which waivers of a policy hold on a day, what they cover, and which of them are of no use any more. */
import { fits, type Waiver } from "../model/policy.js";
import type { AppliedWaiver, CheckFinding } from "../model/result.js";
import type { GraphProblem } from "./graph-problems.js";

/** Waivers that hold today, and whether each of them was needed. */
export class WaiverBook {
  private readonly used = new Set<Waiver>();

  constructor(
    private readonly waivers: readonly Waiver[],
    private readonly today: string,
  ) {}

  onBreach(budget: string, broken: string, service: string | undefined): AppliedWaiver | undefined {
    return this.find(
      (waiver) =>
        waiver.of === budget &&
        (waiver.broken === undefined || fits(waiver.broken, broken)) &&
        (waiver.service === undefined || (service !== undefined && fits(waiver.service, service))),
    );
  }

  onFinding(problem: GraphProblem): CheckFinding {
    const waived = this.find(
      ({ of, broken, service }) =>
        of === problem.code &&
        [broken, service].every((pattern) => pattern === undefined || problem.services.some((id) => fits(pattern, id))),
    );
    return waived === undefined ? problem : { ...problem, waived };
  }

  /** Expired ones that would have covered something are warnings; those that cover nothing are notes. */
  problems(): GraphProblem[] {
    return this.waivers.flatMap((waiver): GraphProblem[] => {
      const place = waiver.location === undefined ? {} : { location: waiver.location };
      const isExpired = waiver.until < this.today;
      if (isExpired) {
        const message = `The waiver of ${waiver.of} ended on ${waiver.until}: ${waiver.reason}`;
        const remedy = "Mend what it covered, or set a new day.";
        return [{ code: "WAIVER_EXPIRED", severity: "warning", message, remedy, services: [], ...place }];
      }
      if (this.used.has(waiver)) return [];
      const message = `The waiver of ${waiver.of} until ${waiver.until} covers nothing: ${waiver.reason}`;
      return [{ code: "WAIVER_UNUSED", severity: "note", message, remedy: "Remove it.", services: [], ...place }];
    });
  }

  private find(covers: (waiver: Waiver) => boolean): AppliedWaiver | undefined {
    const found = this.waivers.find((waiver) => waiver.until >= this.today && covers(waiver));
    if (found === undefined) return undefined;
    this.used.add(found);
    const { until, reason, location } = found;
    return { until, reason, ...(location === undefined ? {} : { location }) };
  }
}
