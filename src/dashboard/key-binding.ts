/** What a line of the key table says. */
import type { State } from "./state.js";

export interface KeyBinding {
  readonly keys: readonly string[];
  readonly help: string;
  readonly group: "move" | "time" | "what if" | "list" | "more";
  readonly run: (state: State) => State;
}
