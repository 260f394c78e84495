/**
 * Every diagnostic code there is, with the sentence `topple help codes` prints.
 * A new code is one line here; `test/faulty/` holds one broken file for each.
 */
export const diagnosticCodes = {
  // reading files
  FILE_NOT_FOUND: "A file or folder that was named does not exist or cannot be read.",
  FILE_TOO_LARGE: "A file is larger than the stated limit.",
  NOT_TEXT: "A file is not text in UTF-8 or UTF-16, or holds NUL bytes.",
  OUTSIDE_FOLDER: "A file refers to a path outside the folder it was given in; it is not read.",
  UNKNOWN_FORMAT: "No reader recognises this file.",
  AMBIGUOUS_FORMAT: "More than one reader recognises this file; the first is used.",
  EMPTY_INPUT: "The input holds no services.",
  // syntax
  CSV_SYNTAX: "A CSV file breaks the rules of RFC 4180.",
  CSV_COLUMN_UNKNOWN: "A CSV file has a column topple does not know.",
  CSV_COLUMN_MISSING: "A CSV file lacks a column it needs.",
  JSON_SYNTAX: "A JSON file is not valid JSON.",
  YAML_SYNTAX: "A YAML file is not valid YAML.",
  XML_SYNTAX: "An XML file is not well-formed, or uses entities or a DTD that are refused.",
  DOT_SYNTAX: "A Graphviz file is not valid DOT.",
  SYNTAX: "A file breaks the syntax of its format.",
  LIMIT_EXCEEDED: "A stated limit on size, depth, aliases or entity expansion is exceeded.",
  // values
  KEY_UNKNOWN: "A key is not one topple knows.",
  KEY_MISSING: "A required key is missing.",
  VALUE_TYPE: "A value has the wrong type.",
  VALUE_RANGE: "A value is outside its range.",
  DURATION: "A duration or time cannot be read.",
  VARIABLE_UNSET: "A variable a file uses is not set in what was given; it counts as empty.",
  // the graph
  DUPLICATE_SERVICE: "A service is declared twice.",
  DUPLICATE_DEPENDENCY: "Two dependencies share an id.",
  SERVICE_UNKNOWN: "A name is not a service of this graph.",
  DEPENDENCY_UNKNOWN: "A scenario or edit names a dependency this graph does not have.",
  GROUP_NEED: "A redundancy group needs more members than it has, or none.",
  GROUP_MIXED: "Rows of one redundancy group disagree.",
  GROUP_MEMBER_CUT: "A member of a redundancy group cannot be cut alone.",
  NO_HEADROOM: "A service's load leaves no capacity to catch up: its queue would never drain.",
  COHORTS_DIFFER: "Tolerance and lag of one dependency are spread over different numbers of cohorts.",
  CONFLICT: "Two inputs state different values for the same thing.",
  NOT_IN_THIS_VERSION: "The file asks for an extension that this version does not compute.",
  SCENARIO_EMPTY: "A scenario breaks nothing and changes nothing.",
  INTERVAL_EMPTY: "An interval ends before it begins.",
  // findings about a sound graph
  NO_DEPENDENCIES: "No dependency declared: the answer says nothing about impact.",
  ISOLATED_SERVICE: "A service has no declared dependency and nothing depends on it.",
  ZERO_LAG_LOOP: "A hard loop without lag recovers with its cause; with any lag it would not (L1).",
  MAY_NOT_RECOVER: "Services that could stay down by themselves (L2).",
  START_CYCLE: "A start dependency lies on a cycle (L3).",
  CLASS_N: "A feature makes the answer exact for this scenario only (L5).",
  LOAD_WITHOUT_HEADROOM: "A load change leaves no spare capacity (L6).",
  TRIP_UNREACHABLE: "A trip threshold is above every level its provider can reach (L7).",
  USERS_MISPLACED: "Users are declared on a service others depend on, or missing on an entry service (L8).",
  NEVER_MATTERS: "A tolerance is longer than any modelled outage (L9).",
  SHARED_FATE: "Redundant members fail together through a shared provider.",
  SINGLE_POINT_OF_FAILURE: "One service alone takes another down.",
  REVERSED_LOOKING: "Dependencies look reversed: most services point at something that looks like a customer.",
  OVERLOAD_POSSIBLE: "Retries and wasted work could sustain an overload (static certificate).",
  INFERRED: "Something was inferred rather than stated.",
  NOT_REPRESENTABLE: "The format says something topple's model cannot hold.",
  POLICY_BREACH: "A budget of the policy is exceeded.",
  BUDGET_EXHAUSTED: "The run met its event budget before it ended.",
  OBSERVED_INVALID: "A row of observations cannot be used.",
  NOT_COHERENT: "A fault tree uses negation; minimal cut sets are not defined for it.",
} as const;

export type DiagnosticCode = keyof typeof diagnosticCodes;
