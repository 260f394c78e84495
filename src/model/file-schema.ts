/**
 * The one schema of topple's own files. It reads them (every scalar as the text that was written, so that CSV
 * cells pass through the same definitions), its messages are what users see, and the JSON Schema that editors
 * use is generated from it. Sizes, defaults and directions are those of SPEC section 11. It is one piece, because
 * it is one list of keys.
 */
import * as z from "zod";
import { duration, instant, name, number, oneOf, share, spread, spreadMap, takes, text, time } from "./file-values.js";

/** `fitted(aws-2025-10-20)` for all values, or one origin a key. */
const origin = z.union([text(), z.record(z.string(), text())]).meta({
  description: "Where values come from: stated, sourced(FACT), default(KIND), fitted(INCIDENT), inferred(WHY)",
});
const note = text().meta({ description: "Anything worth knowing; shown with the answer" });
const source = text().meta({ description: "Where this is written" });
const remarks = { note: note.optional(), source: source.optional(), origin: origin.optional() };

const delay = (worse: "up" | "down", description: string) =>
  z.union([spread(worse), spreadMap()]).meta({ description });
const isPositive = { above: 0 } as const;
const isCount = { from: 0 } as const;
const someShare = { above: 0, to: 1 } as const;
const anyShare = { from: 0, to: 1 } as const;

export const phase = oneOf(["run", "start"]).meta({
  description: "Needed while running, or only to start; default run",
});

/** What can be said of one provider within a dependency. */
const memberFields = {
  weight: share(someShare, "up")
    .meta({ description: "Share of the work that uses the provider; default 1" })
    .optional(),
  trip: share(anyShare, "down")
    .meta({ description: "Damage of the provider below this is not felt; default 0" })
    .optional(),
  transfer: oneOf(["linear", "step"])
    .meta({ description: "step: any felt damage costs the whole weight; default linear" })
    .optional(),
  tolerance: delay("down", "How long the consumer does without; default 0").optional(),
  lag: delay("up", "How long the consumer takes to come back once the provider is; default 0").optional(),
  capacity: number(isPositive, "down").meta({ description: "What the member brings, in a capacity group" }).optional(),
  share: number(isCount, "up")
    .meta({ description: "Share of the provider's normal load that comes from here" })
    .optional(),
  retries: number({ from: 0, to: 1000 }, "up").meta({ description: "Extra attempts a request; default 0" }).optional(),
  retry_memory: duration("up").meta({ description: "How long retries go on after the damage; default 30s" }).optional(),
  catchup: number(isCount, "up").meta({ description: "Extra demand while a backlog drains; default 0" }).optional(),
  calls: number(isCount).meta({ description: "Calls observed" }).optional(),
  error_rate: share(anyShare, "up").meta({ description: "Share of calls that failed when all was well" }).optional(),
  ...remarks,
};

const dependencyId = name().meta({ description: "Unique name, to cut it by; default consumer>provider" }).optional();

export const member = z
  .strictObject({ dep: name().meta({ description: "The provider" }), ...memberFields })
  .meta({ id: "member" });

/** An item of `needs`: one provider (`dep`), or several of which some are enough (`of`, `need`). */
export const need = z
  .strictObject({
    dep: name().meta({ description: "The provider" }).optional(),
    id: dependencyId,
    phase: phase.optional(),
    need: number(isPositive, "up")
      .meta({ description: "How many of `of` must work, or how much capacity is needed in all" })
      .optional(),
    of: z
      .array(z.union([name(), member]))
      .meta({ description: "Providers that stand in for each other" })
      .optional(),
    group: z
      .array(z.union([name(), member]))
      .meta({ description: "Same as `of`", deprecated: true })
      .optional(),
    ...memberFields,
  })
  .meta({ id: "need" });

export type NeedInput = z.output<typeof need>;
export type MemberInput = z.output<typeof member>;

/** A row of dependencies.csv, and an item of `dependencies:`; rows that share `group` are one dependency. */
export const dependencyRow = z
  .strictObject({
    from: name().meta({ description: "The consumer: the service that needs" }),
    to: name().meta({ description: "The provider: the service that is needed" }),
    phase: phase.optional(),
    group: name().meta({ description: "Rows of one consumer with the same group stand in for each other" }).optional(),
    need: number(isPositive, "up").meta({ description: "How many rows of the group must work" }).optional(),
    id: dependencyId,
    ...memberFields,
    group_tolerance: duration("down").meta({ description: "Tolerance of the group as a whole; default 0" }).optional(),
    group_lag: duration("up").meta({ description: "Lag of the group as a whole; default 0" }).optional(),
    group_weight: share(someShare, "up")
      .meta({ description: "Share of the work that uses the group; default 1" })
      .optional(),
    group_origin: text().meta({ description: "Origin of the group's own values" }).optional(),
  })
  .meta({ id: "dependency" });

export type DependencyRow = z.output<typeof dependencyRow>;

const stageAfter = duration("down").meta({ description: "An outage longer than this costs the stage; default 0" });
const stageTakes = takes().meta({ description: "How long it then takes, or `manual`" });
const stage = z.strictObject({ after: stageAfter.optional(), takes: stageTakes.optional() }).meta({ id: "stage" });
const queueLevel = z.strictObject({
  over: duration("down").meta({ description: "Queue above which the level shows, in time of full capacity" }),
  level: share(anyShare, "up").meta({ description: "Damage that users and consumers see" }),
});

const backlogFields = {
  load: number(isCount, "up").meta({ description: "Arrivals in units of normal capacity; default 0.47" }).optional(),
  keep: share(anyShare, "up").meta({ description: "Share of unserved arrivals that queue up; default 1" }).optional(),
  surge: number(isPositive, "down")
    .meta({ description: "Capacity for catching up, times normal; default 1" })
    .optional(),
  drain: number(isPositive, "down").meta({ description: "Cap on the speed of catching up; default none" }).optional(),
  collapse_at: duration("down", { above: 0 })
    .meta({ description: "Queue at which nothing useful gets done any more; default never" })
    .optional(),
  force: oneOf(["yes", "no", "true", "false"])
    .meta({ description: "yes: a load that leaves no headroom is meant" })
    .optional(),
};

const backlog = z
  .strictObject({
    ...backlogFields,
    level: share(anyShare, "up").meta({ description: "Damage while anything is queued; default 1" }).optional(),
    levels: z.array(queueLevel).meta({ description: "Damage by length of the queue" }).optional(),
  })
  .meta({ id: "backlog" });

export type BacklogInput = z.output<typeof backlog>;

/** What services.csv and `services:` have in common. */
const serviceFields = {
  label: text().meta({ description: "What people call it" }).optional(),
  kind: text().meta({ description: "dns, database, queue, ...: chooses defaults and groups rows" }).optional(),
  part_of: text().meta({ description: "The product this is an operation of" }).optional(),
  owner: text().meta({ description: "Team" }).optional(),
  tier: text().meta({ description: "How much it matters, for policies" }).optional(),
  users: number(isCount, "up").meta({ description: "People who meet this service directly; default 0" }).optional(),
  population: text().meta({ description: "Entries with the same population count their users once" }).optional(),
  organisations: number(isCount).meta({ description: "Organisations this entry stands for" }).optional(),
  crash_at: share(someShare, "down").meta({ description: "Damage that crashes the service; default 1" }).optional(),
  mtbf: duration("down", { above: 0 }).meta({ description: "Mean time between failures" }).optional(),
  mttr: duration("up", { above: 0 }).meta({ description: "Mean time to repair" }).optional(),
  failure_probability: share(anyShare, "up").meta({ description: "Probability of being failed" }).optional(),
  headroom: number(isPositive, "down")
    .meta({ description: "Capacity over normal load; default surge/load" })
    .optional(),
  waste: number(isPositive, "up").meta({ description: "How fast overload eats goodput; default 2" }).optional(),
  ...remarks,
};

export const service = z
  .strictObject({
    ...serviceFields,
    needs: z
      .union([name(), need, z.array(z.union([name(), need]))])
      .meta({ description: "The services it needs" })
      .optional(),
    recovery: z.array(stage).meta({ description: "What outages of some length cost" }).optional(),
    backlog: backlog.meta({ description: "Work queues up while it is down" }).optional(),
  })
  .meta({ id: "service" });

export type ServiceInput = z.output<typeof service>;

/** A service in a list names itself. */
export const listedService = service.extend({ id: name().meta({ description: "Unique name" }) });

/** A row of services.csv. */
export const serviceRow = z.strictObject({
  id: name(),
  ...serviceFields,
  ...backlogFields,
  origin: text().optional(),
  recovery: text().meta({ description: "30m:manual; 0s:4m" }).optional(),
  levels: text().meta({ description: "24s:0.2; 10m36s:1, or one level" }).optional(),
});

export type ServiceRow = z.output<typeof serviceRow>;

const serviceName = { service: name().optional(), node: name().meta({ deprecated: true }).optional() };
const level = share(someShare, "up");
const instantOrOffset = time().meta({ description: "Time since the start, or a clock time when `start` is given" });
const happening = { note: note.optional(), origin: origin.optional() };

const trigger = z.strictObject({
  ...serviceName,
  level: level.meta({ description: "Damage at which it fires; default 1" }).optional(),
  for: duration("up").meta({ description: "How long the damage has lasted by then; default 0" }).optional(),
  delay: duration("up").meta({ description: "How long after that the act takes effect; default 0" }).optional(),
});

export const fault = z.strictObject({
  ...serviceName,
  at: instantOrOffset.optional(),
  for: duration("up", { above: 0 }).meta({ description: "How long it lasts" }).optional(),
  until: z
    .union([z.string(), z.number()])
    .transform((input) => String(input))
    .meta({ description: "When it ends: a time, or `fixed` for one that lasts until a fix" })
    .optional(),
  level: level.meta({ description: "Damage; default 1" }).optional(),
  ...happening,
});

export const throttle = z.strictObject({
  ...serviceName,
  from: instantOrOffset.optional(),
  at: instantOrOffset.optional(),
  to: instantOrOffset.optional(),
  for: duration("up", { above: 0 }).optional(),
  level: level.meta({ description: "Share of the work turned away" }),
  ...happening,
});

const newLoad = number(isCount, "up").meta({ description: "Load in units of normal capacity" });
export const loadChange = z.strictObject({
  ...serviceName,
  at: instantOrOffset.optional(),
  load: newLoad,
  ...happening,
});

export const action = z.strictObject({
  cut: name().meta({ description: "Dependency to do without: its id, or consumer>provider" }).optional(),
  restore: name().meta({ description: "Service that people bring back" }).optional(),
  fix: name().meta({ description: "Service whose open faults end" }).optional(),
  throttle: name().meta({ description: "Service whose work is turned away" }).optional(),
  load: name().meta({ description: "Service whose load changes, to `value`" }).optional(),
  at: instantOrOffset.optional(),
  from: instantOrOffset.optional(),
  to: instantOrOffset.optional(),
  for: duration("up", { above: 0 }).optional(),
  when: trigger.meta({ description: "Takes effect when this is seen, instead of at a given time" }).optional(),
  takes: duration("up").meta({ description: "restore: how long it takes; default 0" }).optional(),
  purge: share(anyShare, "up").meta({ description: "restore: share of the queue thrown away; default 0" }).optional(),
  level: level.optional(),
  value: newLoad.optional(),
  ...happening,
});

export type FaultInput = z.output<typeof fault>;
export type ThrottleInput = z.output<typeof throttle>;
export type LoadInput = z.output<typeof loadChange>;
export type ActionInput = z.output<typeof action>;
export type TriggerInput = z.output<typeof trigger>;

const schemaName = { $schema: text().optional(), version: text().meta({ description: "1" }).optional() };

const scenarioFields = {
  title: text().optional(),
  description: text().optional(),
  start: instant().meta({ description: "Clock time of time 0" }).optional(),
  horizon: duration("up", { above: 0 }).meta({ description: "How far to look; default 7d" }).optional(),
  faults: z.array(fault).meta({ description: "What breaks" }).optional(),
  throttles: z.array(throttle).meta({ description: "Work turned away by operators" }).optional(),
  loads: z.array(loadChange).meta({ description: "Changes of load" }).optional(),
  actions: z.array(action).meta({ description: "What operators do: cut, restore, fix, throttle, load" }).optional(),
};

/** A file of scenarios/. */
export const scenarioFile = z
  .strictObject({ ...schemaName, name: name().optional(), ...scenarioFields })
  .meta({ title: "topple scenario", description: "What breaks, when, and what operators do about it" });

export type ScenarioInput = z.output<typeof scenarioFile>;

export const change = z.strictObject({
  set: text().meta({ description: "lambda>dynamodb.tolerance=30m" }).optional(),
  link: text().meta({ description: "consumer>provider" }).optional(),
  unlink: text().meta({ description: "A dependency: its id, or consumer>provider" }).optional(),
  add: name().meta({ description: "A new service" }).optional(),
  remove: name().meta({ description: "A service and every dependency on it" }).optional(),
  with: z.record(z.string(), text()).meta({ description: "Keys of a new service or dependency, as in CSV" }).optional(),
});

/** What-if edits, under a name. */
export const editsFile = z
  .strictObject({ ...schemaName, name: name().optional(), changes: z.array(change) })
  .meta({ title: "topple what-if edits" });

export type ChangeInput = z.output<typeof change>;
export type EditsInput = z.output<typeof editsFile>;

/** topple.yaml and topple.json but for the services, which are read one by one. */
export const graphHead = z.strictObject({
  ...schemaName,
  schema: text().meta({ description: "topple/graph@1" }).optional(),
  names: oneOf(["open", "closed"])
    .meta({ description: "open: a name in a dependency declares the service; default closed" })
    .optional(),
  defaults: oneOf(["by-kind", "none"])
    .meta({ description: "none: values that are not written are 0, whatever the kind; default by-kind" })
    .optional(),
});

const scenarioOrName = scenarioFile;
const servicesByName = z.record(z.string(), z.union([service, z.null()]));

/** The whole of topple.yaml, for editors. */
export const graphFile = graphHead
  .extend({
    services: z
      .union([servicesByName, z.array(listedService)])
      .meta({ description: "Services by name" })
      .optional(),
    nodes: servicesByName.meta({ description: "Same as `services`", deprecated: true }).optional(),
    dependencies: z.array(dependencyRow).meta({ description: "Dependencies as a list, besides `needs`" }).optional(),
    scenario: scenarioOrName.meta({ description: "The scenario asked by default" }).optional(),
    scenarios: z
      .union([z.array(scenarioFile), z.record(z.string(), scenarioFile)])
      .meta({ description: "Scenarios by name" })
      .optional(),
    edits: z.array(editsFile).meta({ description: "Named what-if edits" }).optional(),
  })
  .meta({ title: "topple graph", description: "Services, what they need, and what happens when one breaks" });
