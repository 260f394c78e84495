/**
 * Which names hold the letters of a text in order (`lmb` finds lambda), those that hold it whole first.
 * Fast enough for a hundred thousand names at every key: all letters lie in one array, and what was
 * found for the beginnings of a text is kept, because what matches a longer text matched them.
 */
import type { Service } from "../model/service.js";

/** @param places in the order wanted; searched again with the same array, a grown text looks only at what is left */
export function searchNames(places: Int32Array, services: readonly Service[], text: string): Int32Array {
  const known = matches.get(places) ?? [];
  matches.set(places, known);
  const wanted = text.toLowerCase();
  while (known.length > 0 && !wanted.startsWith(known.at(-1)!.text)) known.pop();
  const last = known.at(-1);
  if (last?.text === wanted) return last.wholeFirst;
  const match = { text: wanted, ...search(last?.places ?? places, lowerNames(services), wanted) };
  known.push(match);
  return match.wholeFirst;
}

interface Match {
  readonly text: string;
  /** In the wanted order. */
  readonly places: Int32Array;
  readonly wholeFirst: Int32Array;
}

/** What was found for the beginnings of the text, shortest first. */
const matches = new WeakMap<Int32Array, Match[]>();

function search(candidates: Int32Array, names: Names, text: string): Omit<Match, "text"> {
  const wanted = Uint16Array.from(text, (_, i) => text.charCodeAt(i));
  const places = new Int32Array(candidates.length);
  const wholeFirst = new Int32Array(candidates.length);
  const others = new Int32Array(candidates.length);
  let found = 0;
  let whole = 0;
  for (const place of candidates) {
    if (!holdsInOrder(names, place, wanted)) continue;
    places[found++] = place;
    if (holdsWhole(names, place, wanted)) wholeFirst[whole++] = place;
    else others[found - whole - 1] = place;
  }
  wholeFirst.set(others.subarray(0, found - whole), whole);
  return { places: places.slice(0, found), wholeFirst: wholeFirst.slice(0, found) };
}

/** Ids and labels in small letters, one text a service, all in one array: a filter reads every one of them. */
interface Names {
  readonly letters: Uint16Array;
  /** Where the text of each place begins, and at the end where the last one ends. */
  readonly starts: Int32Array;
}

const namesOf = new WeakMap<readonly Service[], Names>();

function lowerNames(services: readonly Service[]): Names {
  let names = namesOf.get(services);
  if (names === undefined) namesOf.set(services, (names = joinNames(services)));
  return names;
}

function joinNames(services: readonly Service[]): Names {
  const texts = services.map(({ id, label }) => (label === undefined ? id : `${id} ${label}`).toLowerCase());
  const starts = new Int32Array(texts.length + 1);
  texts.forEach((text, place) => (starts[place + 1] = starts[place]! + text.length));
  const letters = new Uint16Array(starts[texts.length]!);
  texts.forEach((text, place) => {
    for (let i = 0; i < text.length; i++) letters[starts[place]! + i] = text.charCodeAt(i);
  });
  return { letters, starts };
}

function holdsInOrder({ letters, starts }: Names, place: number, wanted: Uint16Array): boolean {
  const end = starts[place + 1]!;
  let next = 0;
  for (let i = starts[place]!; i < end && next < wanted.length; i++) if (letters[i] === wanted[next]) next++;
  return next === wanted.length;
}

function holdsWhole({ letters, starts }: Names, place: number, wanted: Uint16Array): boolean {
  const last = starts[place + 1]! - wanted.length;
  for (let start = starts[place]!; start <= last; start++) {
    let same = 0;
    while (same < wanted.length && letters[start + same] === wanted[same]) same++;
    if (same === wanted.length) return true;
  }
  return false;
}
