/** The last step of the build: runs what people run most and keeps what V8 compiled for it (`cli/compiled-run.ts`). */
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { keepCompiled } from "./cli/compiled-run.js";
import { V8_FLAGS } from "./cli/v8-flags.js";
import type { World } from "./cli/world.js";

const folder = new URL("./", import.meta.url);
const quiet = { write() {} };
const world: World = {
  stdin: (async function* () {})(),
  stdout: quiet,
  stderr: quiet,
  env: {},
  isTty: { stdin: false, stdout: false, stderr: false },
  columns: null,
  now: () => performance.now(),
  today: () => "2000-01-01",
  cwd: fileURLToPath(new URL("../", folder)),
  onInterrupt: () => () => {},
};

setFlagsFromString(V8_FLAGS);
await keepCompiled(folder, async (run) => {
  const code = await run(["impact", "graphs/aws-us-east-1"], world);
  if (code !== 0) throw new Error(`the shipped graph ends with ${code}`);
});
