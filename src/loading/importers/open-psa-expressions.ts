/**
 * Values of Open-PSA expressions at the mission time. Distributions that say how sure a parameter is
 * (deviates) count with their mean. What is not known here has no value, and the caller says so.
 */
import type { XmlElement } from "../syntax/xml.js";
import {
  exponential,
  testedAtIntervals,
  testedWithRepair,
  weibull,
  withRepair,
} from "../../model/failure-distributions.js";

export interface Expressions {
  /** Hours, as the format's tools take it where the file says nothing. */
  readonly missionTime: number;
  readonly parameters: ReadonlyMap<string, XmlElement>;
}

/** Thrown with the name of what could not be evaluated; the importer makes it a diagnostic. */
export class NoValue extends Error {}

export function evaluate(element: XmlElement, known: Expressions, within: ReadonlySet<string> = new Set()): number {
  const number = (inner: XmlElement): number => evaluate(inner, known, within);
  const inner = element.children.filter(({ local }) => local !== "label" && local !== "attributes");
  const values = (): number[] => inner.map(number);
  const take = (count: number): number[] => {
    if (inner.length !== count) throw new NoValue(`<${element.local}> with ${inner.length} arguments`);
    return values();
  };
  switch (element.local) {
    case "float":
    case "int": {
      const value = Number(element.attributes["value"] ?? Number.NaN);
      if (Number.isFinite(value)) return value;
      throw new NoValue(`<${element.local} value="${element.attributes["value"] ?? ""}">`);
    }
    case "bool":
      return element.attributes["value"] === "true" ? 1 : 0;
    case "pi":
      return Math.PI;
    case "system-mission-time":
      return known.missionTime;
    case "parameter": {
      const name = element.attributes["name"] ?? "";
      const definition = known.parameters.get(name);
      if (definition === undefined) throw new NoValue(`parameter "${name}", which is not defined`);
      if (within.has(name)) throw new NoValue(`parameter "${name}", which is defined by itself`);
      return evaluate(definition, known, new Set([...within, name]));
    }
    case "add":
      return values().reduce((a, b) => a + b);
    case "sub":
      return values().reduce((a, b) => a - b);
    case "mul":
      return values().reduce((a, b) => a * b);
    case "div":
      return values().reduce((a, b) => a / b);
    case "neg":
      return -take(1)[0]!;
    case "min":
      return Math.min(...values());
    case "max":
      return Math.max(...values());
    case "mean":
      return values().reduce((a, b) => a + b) / inner.length;
    case "pow": {
      const [base, exponent] = take(2);
      return base! ** exponent!;
    }
    case "exp":
      return Math.exp(take(1)[0]!);
    case "log":
      return Math.log(take(1)[0]!);
    case "log10":
      return Math.log10(take(1)[0]!);
    case "sqrt":
      return Math.sqrt(take(1)[0]!);
    case "abs":
      return Math.abs(take(1)[0]!);
    case "exponential": {
      const [rate, time] = take(2);
      return exponential(rate!, time!);
    }
    case "GLM": {
      const [gamma, rate, repairRate, time] = take(4);
      return withRepair(gamma!, rate!, repairRate!, time!);
    }
    case "Weibull": {
      const [scale, shape, from, time] = take(4);
      return weibull(scale!, shape!, from!, time!);
    }
    case "periodic-test": {
      if (inner.length === 4) {
        const [rate, interval, first, time] = values();
        return testedAtIntervals(rate!, interval!, first!, time!);
      }
      const [rate, repairRate, interval, first, time] = take(5);
      return testedWithRepair(rate!, repairRate!, interval!, first!, time!);
    }
    case "uniform-deviate": {
      const [least, most] = take(2);
      return (least! + most!) / 2;
    }
    case "normal-deviate":
      return take(2)[0]!;
    case "lognormal-deviate": {
      // Mean, error factor and level; or mean and deviation of the logarithm.
      if (inner.length === 3) return values()[0]!;
      const [mean, deviation] = take(2);
      return Math.exp(mean! + deviation! ** 2 / 2);
    }
    case "gamma-deviate": {
      const [shape, scale] = take(2);
      return shape! * scale!;
    }
    case "beta-deviate": {
      const [a, b] = take(2);
      return a! / (a! + b!);
    }
    default:
      throw new NoValue(`<${element.local}>`);
  }
}
