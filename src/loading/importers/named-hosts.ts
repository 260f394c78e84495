/**
 * Hosts that settings and command lines name: `DB_HOST=db`, `postgres://u:p@db:5432/x`, `--redis-host cache`,
 * `wait-for-it db:5432`. Only finds candidates and says how they were named; whether a candidate is a service
 * is the caller's to look up. Passwords and other values are never part of what is returned.
 */
import { append } from "../append.js";

export interface NamedHost {
  /** The other names of the same list: any one of them may do. Absent when the name stands alone. */
  readonly oneOf?: readonly string[];
  readonly host: string;
  /** `start` when it is only waited for before the real command runs. */
  readonly phase: "run" | "start";
  /** The setting, flag or tool that names it. */
  readonly by: string;
}

/** Telemetry goes out beside the work: a consumer answers without it. */
export function isTelemetry(by: string): boolean {
  return TELEMETRY.test(by);
}

/** Hosts in the value of a setting such as an environment variable. */
export function hostsInSetting(key: string, value: string): readonly NamedHost[] {
  if (value === "" || value.length > LONGEST_VALUE || NOT_CALLED.test(key)) return [];
  if (HOLDS_OPTIONS.test(key) && /(?:^|\s)-/.test(value)) return hostsInCommand(value.split(/\s+/), key);
  const list = alternatives(key, value);
  if (list !== undefined) {
    if (list.length === 1) return [{ host: list[0]!, phase: "run", by: key }];
    return list.map((host) => ({ host, oneOf: list, phase: "run" as const, by: key }));
  }
  return addressesIn(value, key);
}

/** Hosts in a command line given as words; a word that is a whole shell script is read as one. */
export function hostsInCommand(words: readonly string[], by = "command"): readonly NamedHost[] {
  const found: NamedHost[] = [];
  let plain: string[] = [];
  const flush = () => {
    if (plain.length > 0) append(found, hostsInSimpleCommand(plain, by));
    plain = [];
  };
  for (const word of words) {
    if (word.length > LONGEST_VALUE) continue;
    if (/[\s;|&]/.test(word) && !/^-{1,2}[\w.-]+=/.test(word)) {
      flush();
      for (const simple of word.split(/&&|\|\||[;|\n\r&]/)) {
        const parts = simple
          .trim()
          .split(/\s+/)
          .map(unquoted)
          .filter((part) => part !== "");
        if (parts.length > 0) append(found, hostsInSimpleCommand(parts, by));
      }
    } else if (word === "&&" || word === "||") flush();
    else plain.push(word);
  }
  flush();
  return found;
}

/** Hosts in the text of a configuration file: settings line by line, addresses anywhere. */
export function hostsInText(text: string, by: string): readonly NamedHost[] {
  // A scraper's list of targets is who it watches, not who it needs.
  if (text.length > LONGEST_TEXT || /^[ \t]*scrape_configs[ \t]*:/m.test(text)) return [];
  const found: NamedHost[] = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (/^\s*(?:#|\/\/|;|--|<!--)/.test(line) || line.length > LONGEST_VALUE) continue;
    const setting = /^\s*(?:-\s+)?["']?([A-Za-z][\w.-]{0,100})["']?\s*[:=]\s*(\S.*)$/.exec(line);
    const hosts =
      setting === null
        ? addressesIn(line, by)
        : hostsInSetting(setting[1]!, unquoted(setting[2]!.replace(/,\s*$/, "")));
    for (const host of hosts) found.push({ ...host, by: setting === null ? by : `${by} ${setting[1]!}` });
  }
  return found;
}

/** Longer values are data, not addresses. */
const LONGEST_VALUE = 20_000;
const LONGEST_TEXT = 1_000_000;

const TELEMETRY =
  /(?:^|[^a-z])(?:otel|otlp|opentelemetry|telemetry|jaeger|zipkin|tracing|tracer|statsd|datadog|dd_agent|dd_trace|apm|sentry_dsn|fluentd|fluent|loki|syslog|graylog|gelf|pyroscope|pushgateway|collector)(?:$|[^a-z])/i;

/** Keys whose hosts are not called by the one that has the key: lists of who may call, public names, credentials. */
const NOT_CALLED =
  /no_?proxy|cors|redirect|build_?target|(?:^|[-_.])(?:public|external)[-_.]|origins?$|csrf|allow(?:ed)?[-_.]?(?:hosts?|origins?|ips?)|trusted|white_?list|virtual_?host|(?:^|[-_.])(?:user(?:name)?|pass(?:word|wd)?|secret|auth|credentials?|images?|tag|version|description)$/i;

const HOLDS_OPTIONS = /(?:opts?|options|args|arguments|flags|params|command|cmd|java_tool_options)$/i;

/** Last words of keys whose whole value is a host when it holds no port and no scheme. */
const HOST_KEY =
  /(?:hosts?|host_?names?|addr(?:ess(?:es)?)?|servers?|ur[li]s?|endpoints?|brokers?|nodes?|seeds?|peers?|upstreams?|backends?|targets?|services?|dsn|points?|bootstrap|connect|master|primary|leader|sentinels?|members?|cluster|proxy_pass|gateway|connection_?string)$/i;

/** `EventBusConnection=rabbitmq`; but `DB_CONNECTION=mysql` names a driver. */
const CONNECTION_KEY = /[a-z]Connection$/;

const NAME = /^[A-Za-z0-9_](?:[\w.-]{0,250}[A-Za-z0-9_])?\.?$/;
const SCHEME = /^(?:[a-z][a-z0-9+.-]*:)*\/\//i;
const WAIT_TOOL =
  /^(?:until|while|wait|.*wait[-_]?for.*|nc|ncat|netcat|ping|nslookup|dig|getent|pg_isready|mysqladmin|telnet)$/i;

/**
 * The hosts of a value that is one address or one list of them, and nothing else. A list in which any
 * entry does for all (bootstrap servers, replica sets) is what such a value nearly always is.
 */
function alternatives(key: string, value: string): string[] | undefined {
  const hosts: string[] = [];
  let addressed = false;
  for (const written of value.replace(/^\[(.*)\]$/s, "$1").split(/[,;\s]+/)) {
    const entry = unquoted(written);
    if (entry === "") continue;
    const scheme = SCHEME.exec(entry)?.[0] ?? "";
    const authority = /^[^/?#]*/.exec(entry.slice(scheme.length))![0];
    const [, host, port] = /^([^:]+)(?::(\d{1,5}))?$/.exec(authority.slice(authority.lastIndexOf("@") + 1)) ?? [];
    if (host === undefined || !NAME.test(host)) return undefined;
    addressed ||= scheme !== "" || port !== undefined; // `mongodb://a,b/x`: what follows an address is one too
    if (!addressed && (entry.includes("/") || !(HOST_KEY.test(key) || CONNECTION_KEY.test(key)))) return undefined;
    hosts.push(host);
  }
  return hosts.length === 0 ? undefined : [...new Set(hosts)];
}

/** Addresses anywhere in a text: `scheme://host`, `host:port`, `host=name`. */
function addressesIn(text: string, by: string): NamedHost[] {
  const hosts = new Set<string>();
  for (const [, authority] of text.matchAll(/:\/\/([^/\s"'`?#<>;)\]}]{1,2000})/g)) {
    const addresses = authority!.slice(authority!.lastIndexOf("@") + 1);
    for (const address of addresses.split(",")) hosts.add(address.replace(/:.*$/s, ""));
  }
  for (const [, host] of text.matchAll(/(?<![\w.:/-])([A-Za-z0-9_][\w.-]{0,250}):\d{1,5}(?![\w.-])/g)) hosts.add(host!);
  const named =
    /(?<![\w.-])(?:host(?:name|addr)?|server|data source|addr(?:ess)?)(?:\s*=|["']\s*:)\s*["']?([A-Za-z0-9_][\w.-]*)/gi;
  for (const [, host] of text.matchAll(named)) hosts.add(host!);
  return [...hosts].filter((host) => NAME.test(host)).map((host) => ({ host, phase: "run", by }));
}

function hostsInSimpleCommand(words: readonly string[], by: string): NamedHost[] {
  const found: NamedHost[] = [];
  let waiting = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === "--") {
      waiting = false;
      continue;
    }
    const tool = word.slice(word.lastIndexOf("/") + 1);
    if (WAIT_TOOL.test(tool)) waiting = true;
    const next = words[index + 1];
    const inline = /^(-{0,2}[A-Za-z][\w.-]*)=(.+)$/s.exec(word);
    if (/^-{1,2}wait$/.test(word) && next !== undefined) {
      append(
        found,
        addressesIn(next, "-wait").map((host) => ({ ...host, phase: "start" as const })),
      );
      index++;
    } else if (inline !== null) {
      append(found, hostsInSetting(inline[1]!, unquoted(inline[2]!)).map(marked(waiting)));
    } else if (/^-{1,2}[A-Za-z]/.test(word) && next !== undefined && !next.startsWith("-")) {
      const key = /^-[hH]$/.test(word) ? "host" : word;
      const hosts = hostsInSetting(key, unquoted(next)).map((host) => ({ ...host, by: `${by} ${word}` }));
      append(found, hosts.map(marked(waiting)));
      if (hosts.length > 0) index++;
    } else {
      append(found, addressesIn(word, by).map(marked(waiting)));
      if (waiting && NAME.test(word)) found.push({ host: word, phase: "start", by: `${by}, waiting` });
    }
  }
  return found;
}

function marked(waiting: boolean): (host: NamedHost) => NamedHost {
  return (host) => (waiting ? { ...host, phase: "start" } : host);
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text.replace(/^["']|["']$/g, "");
}
