/**
 * The terminal's alternate screen, entered once and left whatever happens: on quit, error, signal,
 * and around a suspension. Only what was switched on is switched off.
 */

export interface Terminal {
  write(text: string): unknown;
}

const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?1000h\u001b[?1006h\u001b[2J\u001b[H";
const LEAVE = "\u001b[?1006l\u001b[?1000l\u001b[?25h\u001b[?1049l";

export class Screen {
  private isEntered = false;

  constructor(private readonly terminal: Terminal) {}

  enter(): void {
    if (this.isEntered) return;
    this.isEntered = true;
    this.terminal.write(ENTER);
  }

  leave(): void {
    if (!this.isEntered) return;
    this.isEntered = false;
    this.terminal.write(LEAVE);
  }
}
