/** The filter against a slow and obvious one, typed letter by letter, all at once, and taken back. */
import { expect, it } from "vitest";
import { searchNames } from "../../src/dashboard/name-search.js";
import type { Service } from "../../src/model/service.js";

const names = [
  "Lambda",
  "lambda-async",
  "a-lamb",
  "l-a-m-b",
  "dynamodb",
  "名前 λ",
  "e\u0301tat",
  "🙂 lamb",
  "",
  "mlab",
];
const services = names.map((id) => ({ id })) as unknown as readonly Service[];

function slowly(order: readonly number[], text: string): number[] {
  const wanted = text.toLowerCase();
  const inOrder = (name: string): boolean => {
    let at = 0;
    for (const unit of wanted.split("")) {
      at = name.indexOf(unit, at) + 1;
      if (at === 0) return false;
    }
    return true;
  };
  const nameOf = (place: number): string => names[place]!.toLowerCase();
  const found = order.filter((place) => inOrder(nameOf(place)));
  const isWhole = (place: number): boolean => nameOf(place).includes(wanted);
  return [...found.filter(isWhole), ...found.filter((place) => !isWhole(place))];
}

it("finds letters in order and whole names first, the same whether typed, pasted or taken back", () => {
  const order = [3, 1, 0, 2, 9, 8, 7, 6, 5, 4];
  const typed = Int32Array.from(order);
  for (const text of ["l", "la", "lam", "lamb", "lam", "LAM", "lm", "x", "", "名", "🙂", "🙂 l", "lamb"]) {
    expect([...searchNames(typed, services, text)], text).toEqual(slowly(order, text));
    expect([...searchNames(Int32Array.from(order), services, text)], text).toEqual(slowly(order, text));
  }
});
