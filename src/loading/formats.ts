/** Every format topple reads, one line each. The order settles ties of detection and is that of `topple formats`. */
import type { Format } from "./format.js";
import { backstage } from "./importers/backstage.js";
import { bering } from "./importers/bering.js";
import { likec4 } from "./importers/c4/likec4.js";
import { likec4Json } from "./importers/c4/likec4-json.js";
import { structurizrDsl } from "./importers/c4/structurizr-dsl.js";
import { structurizrJson } from "./importers/c4/structurizr-json.js";
import { compose } from "./importers/compose/compose.js";
import { dot } from "./importers/dot.js";
import { edgeTable } from "./importers/edge-table.js";
import { galileo } from "./importers/galileo.js";
import { gexf } from "./importers/gexf.js";
import { gml } from "./importers/gml.js";
import { graphml } from "./importers/graphml.js";
import { graphologyJson } from "./importers/graphology-json.js";
import { jaegerDependencies } from "./importers/jaeger-dependencies.js";
import { jaegerTraces } from "./importers/jaeger-traces.js";
import { kiali } from "./importers/kiali.js";
import { kubernetes } from "./importers/kubernetes/kubernetes.js";
import { matrixCsv } from "./importers/matrix-csv.js";
import { mermaid } from "./importers/mermaid.js";
import { nodeLinkJson } from "./importers/node-link-json.js";
import { openPsa } from "./importers/open-psa.js";
import { otlpTraces } from "./importers/otlp-traces.js";
import { prometheus } from "./importers/prometheus.js";
import { spanCsv } from "./importers/span-csv.js";
import { terraformGraph } from "./importers/terraform/terraform-graph.js";
import { terraformPlan } from "./importers/terraform/terraform-plan.js";
import { terraformState } from "./importers/terraform/terraform-state.js";
import { tfpg } from "./importers/tfpg.js";
import { zipkinTraces } from "./importers/zipkin-traces.js";
import { native } from "./native.js";
import { edgeList, tables } from "./tables.js";

export const formats: readonly Format[] = [
  native,
  tables,
  edgeList,
  edgeTable,
  compose,
  kubernetes,
  backstage,
  terraformPlan,
  terraformState,
  terraformGraph,
  jaegerDependencies,
  jaegerTraces,
  zipkinTraces,
  otlpTraces,
  prometheus,
  kiali,
  dot,
  structurizrJson,
  structurizrDsl,
  likec4,
  likec4Json,
  mermaid,
  graphml,
  gexf,
  gml,
  graphologyJson,
  nodeLinkJson,
  spanCsv,
  matrixCsv,
  tfpg,
  openPsa,
  galileo,
  bering,
];
