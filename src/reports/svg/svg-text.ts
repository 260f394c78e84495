/** Small parts of SVG: elements with escaped attributes, and text cut to the room there is. */
import { escapeXml } from "../escape.js";

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** `inner` is markup already. */
export function element(name: string, attributes: Attributes, inner?: string): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? String(round(value)) : escapeXml(value!)}"`)
    .join("");
  return inner === undefined ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`;
}

export function textElement(attributes: Attributes, text: string): string {
  return element("text", attributes, escapeXml(visible(text)));
}

export function titleElement(text: string): string {
  return `<title>${escapeXml(visible(text))}</title>`;
}

/** About so many characters fit; the rest becomes an ellipsis. */
export function cutText(text: string, most: number): string {
  const characters = [...text.replace(/\s+/g, " ")];
  return characters.length <= most ? characters.join("") : `${characters.slice(0, most - 1).join("")}…`;
}

/** Line breaks and tabs have no place in a drawing, and marks that turn the writing round even less. */
function visible(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
