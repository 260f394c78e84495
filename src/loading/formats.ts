/** Every format topple reads, one line each. The order settles ties of detection and is that of `topple formats`. */
import type { Format } from "./format.js";
import { backstage } from "./importers/backstage.js";
import { compose } from "./importers/compose/compose.js";
import { dot } from "./importers/dot.js";
import { kubernetes } from "./importers/kubernetes/kubernetes.js";
import { terraformGraph } from "./importers/terraform/terraform-graph.js";
import { terraformPlan } from "./importers/terraform/terraform-plan.js";
import { terraformState } from "./importers/terraform/terraform-state.js";
import { native } from "./native.js";
import { edgeList, tables } from "./tables.js";

export const formats: readonly Format[] = [
  native,
  tables,
  edgeList,
  compose,
  kubernetes,
  backstage,
  terraformPlan,
  terraformState,
  terraformGraph,
  dot,
];
