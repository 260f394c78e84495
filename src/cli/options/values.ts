/** Values of options: durations, counts, shares. A wrong one says what to write instead. */
import { InvalidArgumentError } from "commander";
import { parseDuration } from "../../model/duration.js";

export function durationValue(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError("Write a duration such as 90s, 10m, 2h37m or PT2H37M.");
  return ms;
}

export function positiveDuration(text: string): number {
  const ms = durationValue(text);
  if (ms === 0) throw new InvalidArgumentError("It must be longer than 0.");
  return ms;
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError("Write a whole number.");
  return value;
}

export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError("It must be at least 1.");
  return value;
}

/** A share as a decimal or in percent, above 0 and at most 1. */
export function shareValue(text: string): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(text.trim());
  const share = match === null ? Number.NaN : Number(match[1]) / (match[2] === "%" ? 100 : 1);
  if (!(share > 0 && share <= 1))
    throw new InvalidArgumentError("Write a share above 0 and at most 1, such as 0.4 or 40%.");
  return share;
}

export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
