/** The dashboard from its door: what a failure inside leaves behind. */
import { PassThrough, Writable } from "node:stream";
import { expect, it } from "vitest";
import { startDashboard } from "../../src/dashboard/start.js";
import type { Scenario } from "../../src/model/scenario.js";
import { graph, scenario } from "../support/build.js";
import { answer } from "../../src/engine/answer.js";
import { compile } from "../../src/engine/compile.js";

class Keys extends PassThrough {
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

class Screen extends Writable {
  readonly isTTY = true;
  readonly columns = 80;
  readonly rows = 24;
  text = "";
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

it.each(["while it draws", "when a key is pressed"])(
  "a failure %s ends the dashboard with that failure, the terminal given back",
  async (when) => {
    const own = graph({ web: {} });
    const listened = ["exit", "uncaughtException", "unhandledRejection", "SIGTSTP", "SIGCONT"];
    const countListeners = (): number[] => listened.map((name) => process.listenerCount(name));
    const before = countListeners();
    const stdin = new Keys();
    const stdout = new Screen();
    const scenarioThatFails: Scenario = Object.defineProperty(scenario({ horizon: 60_000 }), "name", {
      get() {
        throw new Error("a mistake of ours");
      },
    });
    const over = startDashboard({
      graph: own,
      title: "test",
      scenario: when === "while it draws" ? scenarioThatFails : scenario({ horizon: 60_000 }),
      stdin: stdin as unknown as NodeJS.ReadStream,
      stdout: stdout as unknown as NodeJS.WriteStream,
      noColour: true,
      host: {
        impact: (asked, of) => Promise.resolve(answer(compile(asked), { kind: "impact", scenario: of })),
        edit: () => Promise.resolve({ graph: null, diagnostics: [] }),
        sweep: () => Promise.reject(new Error("not asked")),
        saveScenario: () => {
          throw new Error("a mistake of ours");
        },
        exportReport: () => Promise.resolve(),
      },
    });
    if (when === "when a key is pressed") stdin.write("w\r");
    await expect(over).rejects.toThrow("a mistake of ours");
    expect(stdout.text.endsWith("\u001b[?1006l\u001b[?1000l\u001b[?25h\u001b[?1049l")).toBe(true);
    expect(countListeners()).toEqual(before);
  },
);
