/** Keys through ink as the terminal sends them: an Escape counts even when a sign follows at once. */
import { PassThrough, Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { render, Text, useInput } from "ink";
import { createElement, type ReactElement } from "react";
import { expect, it } from "vitest";
import { keyNames } from "../../src/dashboard/key-names.js";
import { Keyboard } from "../../src/dashboard/keyboard.js";

class Terminal extends PassThrough {
  readonly isTTY = true;
  setRawMode(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/** Names of the keys that pieces of input are taken for. */
async function taken(...pieces: readonly (string | Buffer)[]): Promise<string[]> {
  const names: string[] = [];
  const Listener = (): ReactElement => {
    useInput((input, key) => void names.push(...keyNames(input, key)));
    return createElement(Text, null, "");
  };
  const terminal = new Terminal();
  const keyboard = new Keyboard(terminal as unknown as NodeJS.ReadStream);
  const app = render(createElement(Listener), {
    stdin: keyboard as unknown as NodeJS.ReadStream,
    stdout: new Writable({ write: (_chunk, _encoding, done) => done() }) as unknown as NodeJS.WriteStream,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  for (const piece of pieces) {
    terminal.write(piece);
    for (let turn = 0; turn < 5; turn++) await setImmediate();
  }
  app.unmount();
  keyboard.close();
  return names;
}

it.each([
  ["\u001b?", ["escape", "?"]],
  ["\u001b/", ["escape", "/"]],
  ["\u001b:", ["escape", ":"]],
  ["\u001bq", ["escape", "q"]],
  ["\u001b ", ["escape", "space"]],
  ["\u001b\r", ["escape", "enter"]],
  ["\u001bé", ["escape", "é"]],
  ["\u001b", ["escape"]],
  ["\u001b[A\u001b[6~", ["up", "pagedown"]],
  ["\u001bOA", ["up"]],
  ["\u001b[Z", ["shift+tab"]],
  ["ab\u007f", ["a", "b", "backspace"]],
  ["\u0012", ["ctrl+r"]],
  ["名🙂", ["名", "🙂"]],
])("%j is taken for %j", async (input, names) => {
  expect(await taken(input)).toEqual(names);
});

it("a letter of several bytes may come in two pieces", async () => {
  const bytes = Buffer.from("é");
  expect(await taken(bytes.subarray(0, 1), bytes.subarray(1))).toEqual(["é"]);
});
