/**
 * The terminal's keys on their way to ink. Escape and a sign that come in one piece (fast typing, a
 * slow line) look to ink like Alt and the sign, and for most signs it drops the Escape. No key here
 * uses Alt, so such an Escape is sent on in the form that is never mistaken (kitty's `CSI 27 u`).
 */
import { Transform, type TransformCallback } from "node:stream";

/** Escape before anything that begins no sequence (`[`, `O`) and is no second Escape. */
// oxlint-disable-next-line no-control-regex
const LONE_ESCAPE = /\u001b(?=[^[O\u001b])/g;

export class Keyboard extends Transform {
  readonly isTTY: boolean;

  constructor(private readonly terminal: NodeJS.ReadStream) {
    super();
    this.isTTY = terminal.isTTY;
    terminal.pipe(this);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    // One byte a character, so that a letter of several bytes may be split between two pieces.
    done(null, Buffer.from(chunk.toString("latin1").replace(LONE_ESCAPE, "\u001b[27u"), "latin1"));
  }

  setRawMode(mode: boolean): this {
    this.terminal.setRawMode(mode);
    return this;
  }

  ref(): this {
    this.terminal.ref();
    return this;
  }

  unref(): this {
    this.terminal.unref();
    return this;
  }

  /** Leaves the terminal's keys to whoever comes next. */
  close(): void {
    this.terminal.unpipe(this);
    this.terminal.pause();
  }
}
