/** Probability of having failed by a time, for the distributions fault trees are written with. */

export function exponential(rate: number, time: number): number {
  return -Math.expm1(-rate * time);
}

/** Constant failure and repair rates, with a chance of failing to start. */
export function withRepair(gamma: number, rate: number, repairRate: number, time: number): number {
  const both = rate + repairRate;
  return both === 0 ? gamma : (rate - (rate - gamma * both) * Math.exp(-both * time)) / both;
}

export function weibull(scale: number, shape: number, from: number, time: number): number {
  return time <= from ? 0 : -Math.expm1(-(((time - from) / scale) ** shape));
}

/** Sum of `phases` exponential phases of one rate. */
export function erlang(rate: number, phases: number, time: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < phases; k++) {
    term *= (rate * time) / k;
    sum += term;
  }
  return 1 - sum * Math.exp(-rate * time);
}

/** `mean` and `deviation` of the logarithm. */
export function lognormal(mean: number, deviation: number, time: number): number {
  if (time <= 0) return 0;
  return normal((Math.log(time) - mean) / deviation);
}

/** Failures found and repaired at tests: the first at `first`, then one every `interval`; repair takes no time. */
export function testedAtIntervals(rate: number, interval: number, first: number, time: number): number {
  if (time <= first) return exponential(rate, time);
  const since = (time - first) % interval;
  return exponential(rate, since === 0 ? interval : since);
}

/** As above, with a repair rate from the test that found the failure on. */
export function testedWithRepair(
  rate: number,
  repairRate: number,
  interval: number,
  first: number,
  time: number,
): number {
  if (time <= first) return exponential(rate, time);
  const afterPeriod = (failed: number, length: number): number => {
    const repaired = exponential(repairRate, length);
    const fails = exponential(rate, length);
    const again =
      repairRate === rate
        ? fails - (1 - fails) * rate * length
        : (rate * repaired - repairRate * fails) / (rate - repairRate);
    return failed * (1 - repaired) + failed * again + (1 - failed) * fails;
  };
  let failed = exponential(rate, first);
  const periods = Math.floor((time - first) / interval);
  for (let period = 0; period < periods; period++) failed = afterPeriod(failed, interval);
  return afterPeriod(failed, (time - first) % interval);
}

/** Distribution function of the standard normal: a series near 0, a continued fraction in the tails. */
export function normal(x: number): number {
  const size = Math.abs(x);
  const density = Math.exp(-(size ** 2) / 2) / Math.sqrt(2 * Math.PI);
  if (size < 3) {
    let term = size;
    let sum = size;
    for (let k = 1; k < 100; k++) {
      term *= size ** 2 / (2 * k + 1);
      sum += term;
    }
    return 0.5 + Math.sign(x) * density * sum;
  }
  let tail = 0;
  for (let k = 80; k >= 1; k--) tail = k / (size + tail);
  const beyond = density / (size + tail);
  return x > 0 ? 1 - beyond : beyond;
}
