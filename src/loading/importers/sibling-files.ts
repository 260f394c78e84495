/**
 * Files that another file refers to (`extends`, `include`, `env_file`). They are looked up among the files
 * that were given; absolute paths, paths out of the folder and addresses on the network are refused unread.
 */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Location } from "../../diagnostics/location.js";
import type { SourceFile } from "../../diagnostics/source-file.js";
import type { ReadContext } from "../format.js";

export type Sibling = { readonly file: SourceFile } | { readonly problem: Diagnostic };

/** `folder` is that of the referring file, "" for the current one. */
export function findSibling(context: ReadContext, folder: string, reference: string, location: Location): Sibling {
  if (/^[a-z][a-z0-9+.-]+:|^git@/i.test(reference) && !/^[a-z]:[\\/]/i.test(reference)) {
    return problem("FILE_NOT_FOUND", `${shown(reference)} is not on this machine; nothing is fetched.`, location, {
      remedy: "Fetch the file yourself and give it beside the others.",
    });
  }
  const path = joinPath(folder, reference);
  const file = path === undefined ? undefined : context.sibling(path);
  if (file !== undefined) return { file };
  if (path === undefined || !isInside(path, folder)) {
    return problem(
      "OUTSIDE_FOLDER",
      `${shown(reference)} lies outside the folder of this file and is not read.`,
      location,
      {
        remedy: "Give the folder that holds both files, or copy the file into this one.",
      },
    );
  }
  return problem("FILE_NOT_FOUND", `${shown(reference)} is not among the given files.`, location, {
    remedy: "Give the file too, or the folder that holds both.",
  });
}

/** The folder of a file, "" for the current one. */
export function folderOf(name: string): string {
  const slash = name.replaceAll("\\", "/").lastIndexOf("/");
  return slash < 0 ? "" : name.slice(0, slash);
}

/** Joins and tidies; undefined for absolute paths and for those that climb out further than the folder itself. */
export function joinPath(folder: string, reference: string): string | undefined {
  const wanted = reference.replaceAll("\\", "/");
  if (/^(?:\/|~|[A-Za-z]:\/)/.test(wanted) || wanted.includes("\0") || wanted.trim() === "") return undefined;
  const absolute = folder.startsWith("/");
  const parts = folder.split(/[\\/]/).filter((part) => part !== "" && part !== ".");
  const base = climbs(parts);
  for (const part of wanted.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push("..");
  }
  if (climbs(parts) > base) return undefined;
  return (absolute ? "/" : "") + parts.join("/");
}

function isInside(path: string, folder: string): boolean {
  const tidy = joinPath(folder, ".") ?? "";
  return tidy === "" ? !path.startsWith("..") : path.startsWith(`${tidy}/`);
}

function climbs(parts: readonly string[]): number {
  let count = 0;
  while (parts[count] === "..") count++;
  return count;
}

function shown(reference: string): string {
  return reference.length > 120 ? `${reference.slice(0, 120)}...` : reference;
}

function problem(
  code: "FILE_NOT_FOUND" | "OUTSIDE_FOLDER",
  message: string,
  location: Location,
  more: { readonly remedy: string },
): Sibling {
  return { problem: { code, severity: "warning", message, location, ...more } };
}
