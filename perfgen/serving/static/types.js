// What the server says of a data file; `perfgen/serving/window.py` makes it.

/**
 * @typedef {string | number} Step
 * @typedef {{path: Step[], kind: string, typed: string, label: string, help: string, choices: string[],
 *   editable: boolean, blank: boolean, claimed: boolean, at: string}} Slot
 * @typedef {{item: Step[], rows: Step[], number: number, count: number, group: boolean, blank: boolean,
 *   after: number, label: string, names: string[], open: boolean, fixed: boolean}} Place
 * @typedef {{file: string, version: string, seen: string, broken: boolean, undo: number, redo: number, title?: string,
 *   counts: {errors: number, warnings: number, holes: number},
 *   html: {form: string, rest: string, findings: string}, slots: Slot[], places: Place[],
 *   holes: number[], findings: {number: number, part: string, slot: number | null}[],
 *   remarks?: string[], trouble?: string, step?: {label: string, path: Step[]}}} View
 */

/**
 * What is asked of the server: a text typed at a path, or another edit.
 * @typedef {{kind: "add", rows: Step[], at: number, name?: string}
 *   | {kind: "remove" | "drop", path: Step[]} | {kind: "move", path: Step[], to: number}
 *   | {kind: "rename", path: Step[], name: string} | {kind: "many", edits: Edit[]}} Edit
 * @typedef {{path?: Step[], text?: string, edit?: Edit, at?: Step[], [name: string]: unknown}} Change
 */

export {};
