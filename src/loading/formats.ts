/** Every format topple reads, one line each. The order settles ties of detection and is that of `topple formats`. */
import type { Format } from "./format.js";
import { native } from "./native.js";
import { edgeList, tables } from "./tables.js";

export const formats: readonly Format[] = [native, tables, edgeList];
