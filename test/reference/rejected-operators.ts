/**
 * Delay and redundancy operators that topple does not offer, because more damage in can mean less
 * damage out or because they cut recoveries short (SPEC section 4, O1). Kept so that the counterexamples
 * against them stay runnable.
 */
import { dilate, erode } from "./waveform.js";

/** VHDL-style inertial delay: a value passes after `theta` ticks without any change. */
export function inertial(signal: readonly number[], theta: number): number[] {
  let output = 0;
  return signal.map((value, t) => {
    const steady = signal.slice(Math.max(0, t - theta), t).every((earlier) => earlier === value);
    if (t >= theta && steady) output = value;
    return output;
  });
}

/** An on-delay timer followed by an off-delay timer, in the place of J. */
export function onThenOff(signal: readonly number[], theta: number, lambda: number): readonly number[] {
  return dilate(erode(signal, theta), lambda);
}

/** Active and standby with a switch-over of `sigma` (Ext-F), for full damage. */
export function switchOver(primary: readonly number[], standby: readonly number[], sigma: number): number[] {
  const noticed = erode(primary, sigma);
  return primary.map((level, t) => Math.min(level, Math.max(standby[t]!, noticed[t]! > 0 ? 0 : 10_000)));
}
