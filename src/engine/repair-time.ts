/**
 * How long repairs take: exponential about the mean unless the file gives a distribution for `mttr`.
 * Says how much weight, and how much time, lies between two lengths, exactly where that has a
 * closed form.
 */
import { normal } from "../model/failure-distributions.js";
import type { Uncertainty } from "../model/quantity.js";
import type { Service } from "../model/service.js";
import { draw, type Source } from "./random.js";

export interface RepairTime {
  /** Probability of a repair longer than `ms`. */
  longer(ms: number): number;
  /** Integral of the length over repairs between two lengths, by their probability. */
  weighted(fromMs: number, toMs: number): number;
  draw(source: Source): number;
}

/** Undefined when the service has no mttr. */
export function repairTimeOf(service: Service): RepairTime | undefined {
  const uncertainty = service.uncertain?.["mttr"];
  if (uncertainty !== undefined) return distributed(uncertainty);
  return service.mttrMs === undefined ? undefined : distributed({ kind: "exponential", mean: service.mttrMs });
}

function distributed(uncertainty: Uncertainty): RepairTime {
  const longer = survivalOf(uncertainty);
  return {
    longer,
    weighted: weightedBy(uncertainty, longer),
    draw: (source) => Math.max(0, draw(uncertainty, source)),
  };
}

function survivalOf(uncertainty: Uncertainty): (ms: number) => number {
  switch (uncertainty.kind) {
    case "exponential":
      return (ms) => Math.exp(-ms / uncertainty.mean);
    case "range":
    case "uniform": {
      const { min, max } = uncertainty;
      return (ms) => (max > min ? Math.min(1, Math.max(0, (max - ms) / (max - min))) : ms < min ? 1 : 0);
    }
    case "lognormal":
      return (ms) => (ms <= 0 ? 1 : normal(-Math.log(ms / uncertainty.median) / uncertainty.sigma));
    case "weibull":
      return (ms) => Math.exp(-((Math.max(0, ms) / uncertainty.scale) ** uncertainty.shape));
    case "normal":
      return (ms) => (ms < 0 ? 1 : normal((uncertainty.mean - ms) / uncertainty.sd));
  }
}

function weightedBy(
  uncertainty: Uncertainty,
  longer: (ms: number) => number,
): (fromMs: number, toMs: number) => number {
  switch (uncertainty.kind) {
    case "exponential": {
      const { mean } = uncertainty;
      return (from, to) => (from + mean) * Math.exp(-from / mean) - (to + mean) * Math.exp(-to / mean);
    }
    case "range":
    case "uniform": {
      const { min, max } = uncertainty;
      if (!(max > min)) return (from, to) => (from < min && min <= to ? min : 0);
      return (from, to) => {
        const low = Math.max(from, min);
        const high = Math.min(to, max);
        return high > low ? (high ** 2 - low ** 2) / 2 / (max - min) : 0;
      };
    }
    case "lognormal": {
      const { median, sigma } = uncertainty;
      const mean = median * Math.exp(sigma ** 2 / 2);
      const below = (ms: number): number => (ms <= 0 ? 0 : normal(Math.log(ms / median) / sigma - sigma));
      return (from, to) => mean * (below(to) - below(from));
    }
    default:
      // By parts: from S(from) - to S(to) + the integral of S, which Simpson's rule gives.
      return (from, to) => {
        const steps = 64;
        const width = (to - from) / steps;
        let integral = longer(from) + longer(to);
        for (let i = 1; i < steps; i++) integral += (i % 2 === 0 ? 2 : 4) * longer(from + i * width);
        return from * longer(from) - to * longer(to) + (integral * width) / 3;
      };
  }
}
