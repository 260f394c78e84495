/**
 * Columns a terminal gives a text, by the rules of string-width 8 (MIT), to which a test holds it for every sign there
 * is. That package makes its segmenter and its list of emoji when it is loaded, which takes longer than a whole answer;
 * here they are made at the first text that needs them. The text is printable: no escape sequences are looked for.
 */
import { eastAsianWidth } from "get-east-asian-width";

/** Signs of one column that join with nothing: Latin, Greek, Cyrillic, and the signs that answers are written with. */
const NARROW =
  /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03ff\u0400-\u0482\u2010-\u2027\u2190-\u2199\u2248\u2260-\u2265\u2500-\u259f]*$/;

export function displayWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  const rules = (madeRules ??= makeRules());
  let width = 0;
  for (const { segment } of rules.segmenter.segment(text)) width += clusterWidth(segment, rules);
  return width;
}

/** What is written as one sign. */
function clusterWidth(cluster: string, rules: Rules): number {
  const base = cluster.search(rules.visible);
  if (base === -1) return 0;
  if (isEmoji(cluster, rules)) return 2;
  const visible = cluster.slice(base);
  return hangulWidth(visible, rules) ?? widthOf(visible) + trailingWidth(visible, rules);
}

/** Real sequences of emoji are shorter than this; longer ones are not looked through. */
const LONGEST_EMOJI = 50;

/** An emoji as Unicode recommends it, or one without the selectors that it should have. */
function isEmoji(cluster: string, { emoji, pictograph }: Rules): boolean {
  if (emoji.test(cluster)) return true;
  if (cluster.length > LONGEST_EMOJI) return false;
  if (/^[\d#*]\u20e3$/.test(cluster)) return true;
  return cluster.includes("\u200d") && (cluster.match(pictograph)?.length ?? 0) >= 2;
}

/** Jamo that make a syllable take two columns together; undefined for what does not begin with one. */
function hangulWidth(cluster: string, { visible }: Rules): number | undefined {
  const signs = [...cluster].filter((sign) => visible.test(sign));
  if (signs.length === 0 || !isJamo(codeOf(signs[0]!))) return undefined;
  let width = 0;
  for (let index = 0; index < signs.length; index++) {
    const code = codeOf(signs[index]!);
    if (!isJamo(code)) return signs.slice(index).reduce((sum, sign) => sum + widthOf(sign), width);
    if (isLeading(code) && isVowel(codeOf(signs[index + 1] ?? ""))) {
      width += 2;
      index += isTrailing(codeOf(signs[index + 2] ?? "")) ? 2 : 1;
    } else {
      width += widthOf(signs[index]!);
    }
  }
  return width;
}

/** Of what follows the first sign: marks with a column of their own, and the half and full width forms. */
function trailingWidth(cluster: string, { spacing }: Rules): number {
  const [, ...others] = cluster;
  return others.reduce((sum, sign) => {
    const counts = spacing.test(sign) || (sign >= "\uff00" && sign <= "\uffef");
    return counts ? sum + widthOf(sign) : sum;
  }, 0);
}

function widthOf(text: string): number {
  return eastAsianWidth(codeOf(text));
}

function codeOf(text: string): number {
  return text.codePointAt(0) ?? 0;
}

function isJamo(code: number): boolean {
  return isLeading(code) || isVowel(code) || isTrailing(code);
}

function isLeading(code: number): boolean {
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0xa960 && code <= 0xa97c);
}

function isVowel(code: number): boolean {
  return (code >= 0x1160 && code <= 0x11a7) || (code >= 0xd7b0 && code <= 0xd7c6);
}

function isTrailing(code: number): boolean {
  return (code >= 0x11a8 && code <= 0x11ff) || (code >= 0xd7cb && code <= 0xd7fb);
}

type Rules = ReturnType<typeof makeRules>;

let madeRules: Rules | undefined;

/** Written as texts: V8 takes a literal apart when it reads the file, whether or not it is ever used. */
function makeRules() {
  const hidden = [
    "Default_Ignorable_Code_Point",
    "Control",
    "Format",
    "Nonspacing_Mark",
    "Enclosing_Mark",
    "Surrogate",
  ];
  return {
    segmenter: new Intl.Segmenter(),
    visible: new RegExp(`[^${hidden.map((property) => `\\p{${property}}`).join("")}]`, "v"),
    spacing: new RegExp("\\p{Spacing_Mark}", "v"),
    emoji: new RegExp("^\\p{RGI_Emoji}$", "v"),
    pictograph: new RegExp("\\p{Extended_Pictographic}", "gu"),
  };
}
