/**
 * Seeded chance: one independent stream per parameter and run, so that a comparison of two graphs
 * draws the same numbers for what they share, and the number of workers cannot matter.
 */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { randomExponential, randomLogNormal, randomNormal, randomWeibull } from "d3-random";
import type { Uncertainty } from "../model/quantity.js";

export type Source = () => number;

/** Uniform numbers in [0, 1) for one parameter, by its name or what `placeOfName` has made of it, in one run. */
export function streamOf(seed: number, name: string | number, run: number): Source {
  const place = typeof name === "string" ? placeOfName(name) : name;
  const generator = xoroshiro128plus(mix(seed, mix(place, run)));
  return () => uniformFloat64(generator);
}

// d3 builds a family of functions for every source, which costs more than a draw: here is one for all, that asks
// whichever source is drawn from.
let current: Source = () => 0;
const fromCurrent: Source = () => current();
const exponential = randomExponential.source(fromCurrent);
const logNormal = randomLogNormal.source(fromCurrent);
const weibull = randomWeibull.source(fromCurrent);
const normal = randomNormal.source(fromCurrent);

/** One value of an uncertain quantity. A plain range is drawn uniformly: nothing more is known of it. */
export function draw(uncertainty: Uncertainty, source: Source): number {
  current = source;
  switch (uncertainty.kind) {
    case "range":
    case "uniform":
      return uncertainty.min + (uncertainty.max - uncertainty.min) * source();
    case "exponential":
      return exponential(1 / uncertainty.mean)();
    case "lognormal":
      return logNormal(Math.log(uncertainty.median), uncertainty.sigma)();
    case "weibull":
      return weibull(uncertainty.shape, 0, uncertainty.scale)();
    case "normal":
      return normal(uncertainty.mean, uncertainty.sd)();
  }
}

/** FNV-1a. */
export function placeOfName(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value | 0;
}

/** The finaliser of MurmurHash3 over both words. */
function mix(a: number, b: number): number {
  let value = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ b;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) | 0;
}
