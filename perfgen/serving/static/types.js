// What the server says of a data file; `perfgen/serving/window.py` makes it.

/**
 * @typedef {string | number} Step
 * @typedef {{path: Step[], kind: string, typed: string, label: string, help: string, choices: string[],
 *   editable: boolean, blank: boolean, claimed: boolean, at: string}} Slot
 * @typedef {{item: Step[], rows: Step[], number: number, count: number, group: boolean, blank: boolean,
 *   label: string, names: string[], open: boolean, fixed: boolean}} Place
 * @typedef {{file: string, version: string, seen: string, broken: boolean, undo: number, redo: number, title?: string,
 *   counts: {errors: number, warnings: number, holes: number},
 *   html: {form: string, rest: string, findings: string}, slots: Slot[], places: Place[],
 *   remarks?: string[], trouble?: string}} View
 */

export {};
