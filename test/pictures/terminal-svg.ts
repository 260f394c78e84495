/** A terminal screen with its colours as an SVG picture: what the program drew, cell by cell. */
import xterm from "@xterm/headless";
import { escapeXml } from "../../src/reports/escape.js";

const CELL = { width: 8.4, height: 18 };
const PAPER = "#16181d";
const INK = "#d6d9df";

/** @param screen output of `tmux capture-pane -e -p` */
export async function terminalSvg(screen: string, columns: number, rows: number, title: string): Promise<string> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(screen.trimEnd().replaceAll("\n", "\r\n"), done));
  const buffer = terminal.buffer.active;
  const body: string[] = [];
  for (let y = 0; y < rows; y++) {
    const line = buffer.getLine(y);
    if (line === undefined) continue;
    for (let x = 0; x < columns;) {
      const cell = line.getCell(x);
      if (cell === undefined) break;
      const style = styleOf(cell);
      let text = "";
      let end = x;
      while (end < columns) {
        const next = line.getCell(end);
        if (next === undefined || styleOf(next).key !== style.key) break;
        text += next.getChars() || " ";
        end += Math.max(1, next.getWidth());
      }
      const at = `x="${(x * CELL.width + 12).toFixed(1)}"`;
      if (style.background !== undefined) {
        const width = ((end - x) * CELL.width).toFixed(1);
        body.push(
          `<rect ${at} y="${y * CELL.height + 38}" width="${width}" height="${CELL.height}" fill="${style.background}"/>`,
        );
      }
      if (text.trim() !== "") {
        const weight = style.isBold ? ' font-weight="700"' : "";
        const length = ((end - x) * CELL.width).toFixed(1);
        body.push(
          `<text ${at} y="${y * CELL.height + 52}" fill="${style.colour}"${weight} textLength="${length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escapeXml(text)}</text>`,
        );
      }
      x = end;
    }
  }
  const width = Math.ceil(columns * CELL.width + 24);
  const height = rows * CELL.height + 50;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14"><title>${escapeXml(title)}</title><rect width="${width}" height="${height}" rx="8" fill="${PAPER}"/><circle cx="20" cy="18" r="6" fill="#d9544d"/><circle cx="40" cy="18" r="6" fill="#d9a441"/><circle cx="60" cy="18" r="6" fill="#5aa469"/>${body.join("")}</svg>\n`;
}

interface CellStyle {
  readonly key: string;
  readonly colour: string;
  readonly background: string | undefined;
  readonly isBold: boolean;
}

type Cell = NonNullable<ReturnType<NonNullable<ReturnType<xterm.Terminal["buffer"]["active"]["getLine"]>>["getCell"]>>;

function styleOf(cell: Cell): CellStyle {
  const front = cell.isFgDefault() ? INK : colourOf(cell.getFgColor());
  const back = cell.isBgDefault() ? undefined : colourOf(cell.getBgColor());
  const isInverse = cell.isInverse() !== 0;
  const colour = isInverse ? (back ?? PAPER) : front;
  const background = isInverse ? front : back;
  const isBold = cell.isBold() !== 0;
  return { key: `${colour} ${background} ${isBold}`, colour, background, isBold };
}

/** The 256 colours of xterm: 16 named, a cube of 6, 24 greys. */
function colourOf(index: number): string {
  const named = ["#000000", "#cd3131", "#0dbc79", "#e5e510", "#2472c8", "#bc3fbc", "#11a8cd", "#e5e5e5"];
  if (index < 16) return named[index % 8]!;
  if (index >= 232) return grey(8 + (index - 232) * 10);
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))},${level(Math.floor(cube / 6) % 6)},${level(cube % 6)})`;
}

function grey(value: number): string {
  return `rgb(${value},${value},${value})`;
}
