/** A service that is loaded up to its capacity for catching up never catches up (SPEC D13). */
import { at, type Rule } from "../rule.js";

export const headroom: Rule = ({ services }) =>
  services.flatMap(({ id, backlog, origin, origins }) => {
    if (backlog === undefined || backlog.load < backlog.surge) return [];
    const isForced = backlog.isForced === true;
    return [
      {
        code: isForced ? ("LOAD_WITHOUT_HEADROOM" as const) : ("NO_HEADROOM" as const),
        severity: isForced ? ("warning" as const) : ("error" as const),
        message: `The load of "${id}" is ${backlog.load} and its surge ${backlog.surge}: after an outage its queue never drains.`,
        ...at(origins?.["load"]?.location === undefined ? origin : origins["load"]),
        ...(isForced
          ? {}
          : { remedy: "Lower `load`, raise `surge`, or add `force: yes` to the backlog if that is what is meant." }),
      },
    ];
  });
