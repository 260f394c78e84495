/**
 * XML with places, on top of saxes. Two ways in: `walkXml` hands over one element at a time and is
 * for files of any size, `parseXml` builds a tree and is for small ones.
 * Nothing is expanded and nothing is fetched: a DTD with content of its own, and every entity but the
 * five of XML itself, is an error with a place. Depth, number of elements and text size are bounded.
 */
import { SaxesParser } from "saxes";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { locate, type SourceFile } from "../../diagnostics/source-file.js";
import type { Span } from "./located.js";

export const XML_LIMITS = {
  depth: 256,
  elements: 20_000_000,
  /** Characters of text within one element. */
  text: 1_000_000,
  attributes: 256,
  /** After so many errors the rest of the file is not looked at. */
  errors: 20,
} as const;

export interface XmlTag {
  /** As written, with its prefix. */
  readonly name: string;
  /** Without the prefix. */
  readonly local: string;
  /** An object without a prototype; entities are resolved. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Offset of the `<`. */
  readonly start: number;
}

export interface XmlHandlers {
  readonly onOpen?: (tag: XmlTag) => void;
  /** With the element's own text, without that of the elements inside it and without blank parts. `end` is after the `>`. */
  readonly onClose?: (tag: XmlTag, text: string, end: number) => void;
  /** Share of the text read so far, called about once per 256 KB. */
  readonly onProgress?: (share: number) => void;
}

export interface XmlElement {
  readonly name: string;
  readonly local: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  readonly at: Span;
}

/** Reads the whole text, calling the handlers in document order. What is wrong comes back as diagnostics. */
export function walkXml(source: SourceFile, handlers: XmlHandlers): Diagnostic[] {
  const walk = new XmlWalk(source, handlers);
  return walk.run();
}

/** The whole document as a tree; no root when the file is not well-formed. */
export function parseXml(
  source: SourceFile,
  onProgress?: (share: number) => void,
): { root: XmlElement | undefined; diagnostics: Diagnostic[] } {
  type Draft = XmlElement & { children: XmlElement[]; text: string; at: Span };
  const open: Draft[] = [];
  let root: XmlElement | undefined;
  const diagnostics = walkXml(source, {
    ...(onProgress === undefined ? {} : { onProgress }),
    onOpen: (tag) => {
      const element: Draft = { ...tag, children: [], text: "", at: { start: tag.start, end: tag.start } };
      const parent = open.at(-1);
      if (parent === undefined) root ??= element;
      else parent.children.push(element);
      open.push(element);
    },
    onClose: (_tag, text, end) => {
      const element = open.pop()!;
      element.text = text;
      element.at = { start: element.at.start, end };
    },
  });
  return diagnostics.length > 0 ? { root: undefined, diagnostics } : { root, diagnostics };
}

const CHUNK = 262_144;

/** Thrown and caught within this file: enough has gone wrong, the rest is not read. */
class Enough extends Error {}

class XmlWalk {
  private readonly parser = new SaxesParser({ xmlns: false, position: false });
  private readonly diagnostics: Diagnostic[] = [];
  private readonly open: XmlTag[] = [];
  private readonly texts: string[] = [];
  private tagStart = 0;
  private elements = 0;

  constructor(
    private readonly source: SourceFile,
    private readonly handlers: XmlHandlers,
  ) {}

  run(): Diagnostic[] {
    const { parser } = this;
    // saxes throws on half a surrogate pair; U+FFFD has the same length, so places stay right.
    const text = this.source.text.replace(/[\ud800-\udfff]/gu, "\ufffd");
    parser.on("error", (error) => this.fail(error.message));
    parser.on("doctype", (doctype) => this.doctype(doctype));
    parser.on("opentagstart", () => (this.tagStart = text.lastIndexOf("<", parser.position - 1)));
    parser.on("opentag", (tag) => this.openTag(tag.name, tag.attributes as Record<string, string>));
    parser.on("closetag", () => this.closeTag());
    parser.on("text", (part) => this.addText(part));
    parser.on("cdata", (part) => this.addText(part));
    try {
      for (let start = 0; start < text.length; start += CHUNK) {
        parser.write(text.slice(start, start + CHUNK));
        this.handlers.onProgress?.(Math.min(1, (start + CHUNK) / text.length));
      }
      parser.close();
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
    }
    return this.diagnostics;
  }

  private openTag(name: string, attributes: Record<string, string>): void {
    this.elements++;
    if (this.open.length >= XML_LIMITS.depth) this.limit(`more than ${XML_LIMITS.depth} elements inside each other`);
    if (this.elements > XML_LIMITS.elements) this.limit(`more than ${XML_LIMITS.elements} elements`);
    if (Object.keys(attributes).length > XML_LIMITS.attributes) {
      this.limit(`an element with more than ${XML_LIMITS.attributes} attributes`);
    }
    const tag = { name, local: name.slice(name.indexOf(":") + 1), attributes, start: this.tagStart };
    this.open.push(tag);
    this.texts.push("");
    this.handlers.onOpen?.(tag);
  }

  private closeTag(): void {
    const tag = this.open.pop();
    const text = this.texts.pop();
    if (tag !== undefined) this.handlers.onClose?.(tag, text ?? "", this.parser.position);
  }

  private addText(part: string): void {
    const last = this.texts.length - 1;
    if (last < 0 || /^\s*$/.test(part)) return; // line breaks between elements are not content
    this.texts[last] += part;
    if (this.texts[last]!.length > XML_LIMITS.text) {
      this.limit(`more than ${XML_LIMITS.text} characters of text in one element`);
    }
  }

  /** A bare reference to a DTD is skipped, unread; a DTD with rules of its own could define entities. */
  private doctype(doctype: string): void {
    if (!doctype.includes("[")) return;
    const start = this.source.text.indexOf("<!DOCTYPE");
    this.report({
      code: "XML_SYNTAX",
      severity: "error",
      message: "The file carries its own DTD; its entities and defaults are refused.",
      location: locate(this.source, Math.max(0, start), "<!DOCTYPE".length),
      remedy: "Remove the DOCTYPE and write out what its entities stand for.",
    });
    throw new Enough();
  }

  private fail(message: string): void {
    const entity = message.startsWith("undefined entity");
    this.report({
      code: "XML_SYNTAX",
      severity: "error",
      message: entity ? "An entity is used that XML itself does not define." : `Not well-formed XML: ${message}`,
      location: locate(this.source, Math.max(0, this.parser.position - 1)),
      ...(entity ? { remedy: "Write the character itself or a numeric reference such as &#233;." } : {}),
    });
    if (this.diagnostics.length >= XML_LIMITS.errors) throw new Enough();
  }

  private limit(what: string): never {
    this.report({
      code: "LIMIT_EXCEEDED",
      severity: "error",
      message: `The file has ${what}; it is not read further.`,
      location: locate(this.source, this.tagStart),
    });
    throw new Enough();
  }

  private report(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
  }
}
